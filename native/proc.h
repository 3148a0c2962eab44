/* Files of /proc/PID, for all who look at a process. */
#ifndef REC_PROC_H
#define REC_PROC_H

#include <stddef.h>
#include <sys/types.h>

/* The bytes of an open file from its beginning, with a zero behind them; their number, or -1, also where it has more than `size` - 1. */
ssize_t read_again(int fd, char *text, size_t size);

/* The same of a file in `folder`. */
ssize_t read_text(int folder, const char *name, char *text, size_t size);

/*
 * The same of the process's maps, whose folder of /proc is `folder`: with " (changed)" behind the first line of code that was written over since
 * it was mapped, as pages that were written to are no longer the file's; or that is too large to be looked at.
 */
ssize_t read_maps(int folder, char *text, size_t size);

#endif
