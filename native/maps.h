/* What is mapped into a process, for all who look at one. */
#ifndef REC_MAPS_H
#define REC_MAPS_H

#include <stddef.h>

/*
 * Makes of the text of /proc/PID/smaps, in its place, the lines that /proc/PID/maps has, with " (changed)" behind code that is
 * not as it was mapped; returns its length.
 */
size_t maps_of(char *smaps);

#endif
