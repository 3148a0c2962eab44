#include "utmp.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <paths.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

static const char devices[] = "/dev/";
enum { devices_length = sizeof devices - 1 };

/* A recorder that is told to end has left within 4 s, and so has one in its session, which comes first. */
enum { tries = 100, between_tries_us = 50000 };
/* The recorder waits for 0.5 s: what comes later comes too late for sshd. */
enum { patience_ms = 400 };

struct terminal {
  char path[PATH_MAX];
};

static const char *line_of(const struct terminal *terminal) { return terminal->path + devices_length; }

static bool is_there(const struct terminal *terminal) {
  struct stat details;
  return stat(terminal->path, &details) == 0;
}

static bool has_ended(pid_t pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

static bool names(const struct utmpx *entry, const struct terminal *terminal) {
  return strncmp(entry->ut_line, line_of(terminal), sizeof entry->ut_line) == 0;
}

static pid_t parent_of(pid_t pid) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
  close(fd);
  text[length < 0 ? 0 : length] = '\0';
  /* The name may hold anything, parentheses too. */
  const char *rest = strrchr(text, ')');
  int parent = 0;
  return rest != NULL && sscanf(rest, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* Whether the recorder that called us runs in the login of that process: one that its user detached is no part of it. */
static bool is_of(pid_t login) {
  for (pid_t pid = getppid(); pid > 1; pid = parent_of(pid))
    if (pid == login) return true;
  return false;
}

/* The entry of the login, by its terminal's name. pututxline() finds it again by its ut_id. */
static bool find_entry(const struct terminal *login, struct utmpx *entry) {
  bool is_found = false;
  setutxent();
  for (struct utmpx *next; !is_found && (next = getutxent()) != NULL;) {
    if (next->ut_type != USER_PROCESS || !names(next, login) || next->ut_id[0] == '\0' || !is_of(next->ut_pid)) continue;
    *entry = *next;
    is_found = true;
  }
  endutxent();
  return is_found;
}

/* As utmp has it now; false when it is another login's, or has ended. */
static bool read_again(struct utmpx *entry) {
  setutxent();
  const struct utmpx *found = getutxid(entry);
  bool is_same = found != NULL && found->ut_type == USER_PROCESS && found->ut_pid == entry->ut_pid;
  if (is_same) *entry = *found;
  endutxent();
  return is_same;
}

static bool write_line(struct utmpx *entry, const struct terminal *terminal) {
  memset(entry->ut_line, 0, sizeof entry->ut_line);
  memcpy(entry->ut_line, line_of(terminal), strnlen(line_of(terminal), sizeof entry->ut_line - 1));
  setutxent();
  bool is_written = pututxline(entry) != NULL;
  endutxent();
  return is_written;
}

/* As logout(3) and logwtmp(3) leave it. */
static void end_entry(struct utmpx *entry, const struct terminal *terminal) {
  struct timeval now;
  entry->ut_type = DEAD_PROCESS;
  memset(entry->ut_user, 0, sizeof entry->ut_user);
  memset(entry->ut_host, 0, sizeof entry->ut_host);
  gettimeofday(&now, NULL);
  entry->ut_tv.tv_sec = (__typeof__(entry->ut_tv.tv_sec))now.tv_sec;
  entry->ut_tv.tv_usec = (__typeof__(entry->ut_tv.tv_usec))now.tv_usec;
  if (write_line(entry, terminal)) updwtmpx(_PATH_WTMP, entry);
}

/*
 * The session is over. A session within it may have moved the entry on; where that is killed too, its witness brings it back first,
 * and where it is stopped nobody does.
 */
static void move_back(struct utmpx *entry, const struct terminal *shell, const struct terminal *login) {
  for (int i = 0; i < tries && read_again(entry); i++) {
    bool is_last = i == tries - 1 && is_there(login);
    if ((names(entry, shell) || is_last) && write_line(entry, login)) return;
    usleep(between_tries_us);
  }
}

/*
 * sshd may have looked for its terminal's entry before it was there again, and found none. It removes the terminal next, and ends:
 * what is left then is ended in its place.
 */
static void end_with(struct utmpx *entry, const struct terminal *login) {
  for (int i = 0; i < tries && read_again(entry); i++) {
    if (has_ended(entry->ut_pid)) return end_entry(entry, login);
    usleep(between_tries_us);
  }
  /* It serves other sessions still. */
  if (read_again(entry) && names(entry, login) && !is_there(login)) end_entry(entry, login);
}

static bool find_terminals(const char *number, struct terminal *login, struct terminal *shell) {
  struct stat details;
  if (strspn(number, "0123456789") != strlen(number) || *number == '\0' || strlen(number) > 9) return false;
  if (ttyname_r(STDIN_FILENO, login->path, sizeof login->path) != 0) return false;
  if (strncmp(login->path, devices, devices_length) != 0) return false;
  snprintf(shell->path, sizeof shell->path, "%spts/%s", devices, number);
  return stat(shell->path, &details) == 0 && S_ISCHR(details.st_mode) && details.st_uid == getuid();
}

/* Nothing of the user's bounds it, or ends it, any more: no signal, no limit, no rank. */
static bool become_roots(void) {
  const struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  const struct sched_param rank = {0};
  sigset_t signals;
  sigfillset(&signals);
  /* The C library waits for the lock of utmp, which any user may hold, by an alarm of 10 s. */
  sigdelset(&signals, SIGALRM);
  if (setuid(0) != 0 || chdir("/") != 0 || sigprocmask(SIG_SETMASK, &signals, NULL) != 0) return false;
  /* Of no terminal, and of no job, that may end before it. */
  close(STDIN_FILENO);
  setsid();
  setrlimit(RLIMIT_FSIZE, &unlimited);
  setrlimit(RLIMIT_CPU, &unlimited);
  sched_setscheduler(0, SCHED_OTHER, &rank);
  setpriority(PRIO_PROCESS, 0, 0);
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd >= 0 && write(fd, "0", 1) != 1) errno = 0; /* it is no worse off than the recorder then */
  close(fd);
  return true;
}

static long since_ms(const struct timespec *then) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

int keep_utmp(const char *number) {
  static struct terminal login, shell;
  struct utmpx entry;
  if (!find_terminals(number, &login, &shell) || !become_roots()) return 1;
  if (!find_entry(&login, &entry) || !write_line(&entry, &shell)) return 1;
  /* Where nobody hears it the recorder is gone, which the next read tells. */
  bool is_told = false, is_heard = write(STDOUT_FILENO, "\n", 1) == 1;
  char byte;
  ssize_t count;
  while ((count = read(STDERR_FILENO, &byte, 1)) > 0 || (count < 0 && errno == EINTR)) is_told |= count > 0;
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &end);
  move_back(&entry, &shell, &login);
  if (!is_told || !is_heard || since_ms(&end) > patience_ms) end_with(&entry, &login);
  return 0;
}
