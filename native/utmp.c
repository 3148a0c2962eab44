#include "utmp.h"

#include <errno.h>
#include <limits.h>
#include <paths.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utmpx.h>

static const char devices[] = "/dev/";
enum { devices_length = sizeof devices - 1 };

/* A recorder that is told to end has left within 4 s, and so has one in its session, which comes first. */
enum { tries = 100, between_tries_us = 50000 };

struct terminal {
  char path[PATH_MAX];
};

static const char *line_of(const struct terminal *terminal) { return terminal->path + devices_length; }

static bool is_there(const struct terminal *terminal) {
  struct stat details;
  return stat(terminal->path, &details) == 0;
}

static void set_line(struct utmpx *entry, const struct terminal *terminal) {
  memset(entry->ut_line, 0, sizeof entry->ut_line);
  memcpy(entry->ut_line, line_of(terminal), strnlen(line_of(terminal), sizeof entry->ut_line - 1));
}

/* As logout(3) and logwtmp(3) leave it. */
static bool end_entry(struct utmpx *entry) {
  struct timeval now;
  entry->ut_type = DEAD_PROCESS;
  memset(entry->ut_user, 0, sizeof entry->ut_user);
  memset(entry->ut_host, 0, sizeof entry->ut_host);
  gettimeofday(&now, NULL);
  entry->ut_tv.tv_sec = (__typeof__(entry->ut_tv.tv_sec))now.tv_sec;
  entry->ut_tv.tv_usec = (__typeof__(entry->ut_tv.tv_usec))now.tv_usec;
  if (pututxline(entry) == NULL) return false;
  updwtmpx(_PATH_WTMP, entry);
  return true;
}

/*
 * Whether an entry named `from`, of the process `*pid` if that is not 0, and names `to` now; its process is told in `*pid`. Where
 * `to` is gone, it is ended.
 */
static bool move_entry(const struct terminal *from, const struct terminal *to, pid_t *pid) {
  bool is_moved = false;
  setutxent();
  for (struct utmpx *found; !is_moved && (found = getutxent()) != NULL;) {
    if (found->ut_type != USER_PROCESS || strncmp(found->ut_line, line_of(from), sizeof found->ut_line) != 0) continue;
    if (*pid != 0 && found->ut_pid != *pid) continue;
    struct utmpx entry = *found;
    set_line(&entry, to);
    is_moved = is_there(to) ? pututxline(&entry) != NULL : end_entry(&entry);
    *pid = entry.ut_pid;
    if (!is_moved) break;
  }
  endutxent();
  return is_moved;
}

/*
 * The recorder was killed: sshd may have looked for its terminal's entry before it was there again, and found none. It removes the
 * terminal next; what is left then is ended in its place.
 */
static void end_with(const struct terminal *terminal, pid_t pid) {
  for (int i = 0; i < tries && is_there(terminal); i++) usleep(between_tries_us);
  if (!is_there(terminal)) move_entry(terminal, terminal, &pid);
}

static bool find_terminals(const char *number, struct terminal *login, struct terminal *shell) {
  struct stat details;
  if (strspn(number, "0123456789") != strlen(number) || *number == '\0' || strlen(number) > 9) return false;
  if (ttyname_r(STDIN_FILENO, login->path, sizeof login->path) != 0) return false;
  if (strncmp(login->path, devices, devices_length) != 0) return false;
  snprintf(shell->path, sizeof shell->path, "%spts/%s", devices, number);
  return stat(shell->path, &details) == 0 && S_ISCHR(details.st_mode) && details.st_uid == getuid();
}

int keep_utmp(const char *number) {
  static struct terminal login, shell;
  sigset_t signals;
  pid_t pid = 0;
  if (!find_terminals(number, &login, &shell) || setuid(0) != 0 || chdir("/") != 0) return 1;
  /* It holds no terminal, and is of no job, that may end before it. */
  close(STDIN_FILENO);
  setsid();
  sigfillset(&signals);
  /* The C library waits for the lock of utmp, which any user may hold, by an alarm of 10 s. */
  sigdelset(&signals, SIGALRM);
  sigprocmask(SIG_SETMASK, &signals, NULL);
  if (!move_entry(&login, &shell, &pid) || write(STDOUT_FILENO, "\n", 1) != 1) return 1;
  char byte;
  ssize_t count;
  bool is_told = false;
  while ((count = read(STDERR_FILENO, &byte, 1)) > 0 || (count < 0 && errno == EINTR)) is_told |= count > 0;
  for (int i = 0; i < tries && !move_entry(&shell, &login, &pid); i++) usleep(between_tries_us);
  if (!is_told) end_with(&login, pid);
  return 0;
}
