/* The entry of utmp that a login has. */
#ifndef REC_UTMP_H
#define REC_UTMP_H

/*
 * While the pipe that standard error is has no end, the entry of the terminal that standard input is, of a login that the caller
 * runs in, names /dev/pts/NUMBER, which has to be the caller's, instead; a byte on standard output tells that it does. A byte in
 * the pipe tells that the recorder is to end, and was not killed. 0 when it names the terminal again, 1 where there is no such
 * entry. The process is root's wholly meanwhile: its caller's user cannot end it.
 */
int keep_utmp(const char *number);

#endif
