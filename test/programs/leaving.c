/* A library for LD_PRELOAD in what sshd starts for X11 before the recorder: it leaves a process with the session's stdout behind. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static __attribute__((constructor)) void begin(void) {
  char command[4096];
  int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t length = read(file, command, sizeof command);
  close(file);
  if (length <= 0 || memmem(command, (size_t)length, "xauth", 5) == NULL || fork() != 0) return;
  setsid();
  sleep(2);
  if (write(1, "mark-42\n", 8) < 0) _exit(1);
  _exit(0);
}
