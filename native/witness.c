/*
 * The witness: what a recorder needs root's right for. Installed root:rec 4750, as dbus-daemon-launch-helper is: only the
 * set-group-ID recorder can execute it.
 *
 * It tells what a process of its user really runs, where the process has closed itself to all but root, as sftp-server does:
 * of processes of its caller's user alone, and nothing that the user could not see of other programs of his: the file that
 * runs, its mount namespace, what is mapped from where, and which code was written over since. And it tells utmp of the
 * terminal that the shell of a login has.
 */
#include "proc.h"
#include "utmp.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Real, effective, saved and file system user are all the caller's. */
static bool is_callers(const char *status) {
  unsigned ids[4];
  const char *line = strstr(status, "\nUid:");
  if (line == NULL || sscanf(line, "\nUid: %u %u %u %u", ids, ids + 1, ids + 2, ids + 3) != 4) return false;
  for (int i = 0; i < 4; i++)
    if (ids[i] != getuid()) return false;
  return true;
}

static bool put_link(int folder, const char *name) {
  char target[PATH_MAX];
  ssize_t length = readlinkat(folder, name, target, sizeof target - 1);
  if (length <= 0 || memchr(target, '\n', (size_t)length) != NULL) return false;
  target[length] = '\0';
  return printf("%s\n", target) > 0;
}

/* Path of the program, its device and inode, its mount namespace, each on a line, then what is mapped. */
static int tell_of(int pid) {
  static char text[1 << 20];
  char path[64];
  struct stat program;
  snprintf(path, sizeof path, "/proc/%d", pid);
  /* The folder stays this process's, whoever gets its number afterwards. */
  int folder = open(path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  if (folder < 0 || read_text(folder, "status", text, sizeof text) < 0 || !is_callers(text)) return 1;
  if (!put_link(folder, "exe") || fstatat(folder, "exe", &program, 0) != 0) return 1;
  printf("%llu %llu\n", (unsigned long long)program.st_dev, (unsigned long long)program.st_ino);
  if (!put_link(folder, "ns/mnt") || read_maps(folder, text, sizeof text) < 0) return 1;
  fputs(text, stdout);
  return ferror(stdout) == 0 && fflush(stdout) == 0 ? 0 : 1;
}

/* witness PID, or witness utmp NUMBER */
int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "utmp") == 0) return keep_utmp(argv[2]);
  int pid = argc == 2 ? atoi(argv[1]) : 0;
  return pid > 1 ? tell_of(pid) : 2;
}
