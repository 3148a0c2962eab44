/* Starting the recorded program exactly as it would have started without a recorder. */
#include "addon.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* All that the child needs between fork and exec, where it may not allocate. */
struct plan {
  char **paths;
  char **arguments;
  char **environment;
  const int32_t *stdio;    /* three: a descriptor, or -1 for closed */
  const int32_t *inherit;  /* descriptors from 3 on that the program shall have */
  size_t inherit_count;
  const uint64_t *limits;  /* ignored signals, blocked signals, then the soft resource limits */
  size_t limit_count;
  const int32_t *ids;      /* uid, gid, supplementary groups; none: the user's own; -1 alone: as they are */
  size_t id_count;
  int32_t terminal;        /* the controlling terminal to be, or -1 */
  pid_t parent;            /* by whose death it dies, or 0 */
};

/* The NUL-ended strings of a block as an array that ends with NULL, after one free place; the caller frees it. */
static char **strings_of(struct bytes block) {
  size_t count = 0;
  for (size_t i = 0; i < block.length; i++) count += block.data[i] == 0;
  char **strings = calloc(count + 2, sizeof *strings);
  if (strings == NULL) return NULL;
  char *next = (char *)block.data;
  for (size_t i = 1; i <= count; i++) {
    strings[i] = next;
    next += strlen(next) + 1;
  }
  return strings;
}

static void set_dispositions(uint64_t ignored) {
  for (int n = 1; n < NSIG; n++) {
    if (n == SIGKILL || n == SIGSTOP || n == 32 || n == 33) continue;
    signal(n, (ignored >> (n - 1) & 1) != 0 ? SIG_IGN : SIG_DFL);
  }
}

static bool set_stdio(const struct plan *plan) {
  for (int fd = 0; fd < 3; fd++) {
    int32_t from = plan->stdio[fd];
    if (from == -1) close(fd);
    else if (from == fd) fcntl(fd, F_SETFD, 0);
    else if (dup2(from, fd) != fd) return false;
  }
  if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return false;
  for (size_t i = 0; i < plan->inherit_count; i++) fcntl(plan->inherit[i], F_SETFD, 0);
  return true;
}

static void set_limits(const struct plan *plan) {
  for (size_t i = 0; i + 2 < plan->limit_count && i < RLIMIT_NLIMITS; i++) {
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)i, &limit) != 0 || limit.rlim_cur == plan->limits[i + 2]) continue;
    limit.rlim_cur = plan->limits[i + 2];
    setrlimit((__rlimit_resource_t)i, &limit);
  }
}

/* The program never gets more than the user has: a failure here is a failure to start. */
static bool set_ids(const struct plan *plan) {
  if (plan->id_count == 1 && plan->ids[0] == -1) return true;
  uid_t uid = plan->id_count > 0 ? (uid_t)plan->ids[0] : getuid();
  gid_t gid = plan->id_count > 1 ? (gid_t)plan->ids[1] : getgid();
  if (plan->id_count > 1 && setgroups(plan->id_count - 2, (const gid_t *)(plan->ids + 2)) != 0) return false;
  return setresgid(gid, gid, gid) == 0 && setresuid(uid, uid, uid) == 0;
}

/* As execvp(3): what the kernel cannot run is a script for sh. `arguments` has a free place before its first. */
static void exec_script(char *path, char **arguments, char **environment) {
  static char shell[] = "/bin/sh";
  char *none[] = {shell, path, NULL};
  char **shifted = arguments[1] == NULL ? none : arguments;
  shifted[0] = shell;
  shifted[1] = path;
  execve(shell, shifted, environment);
}

/*
 * A recorder without a terminal leads the session that sshd made for the shell: the shell leads one of its own, as it would without
 * us, or what it sends to its process group (`kill 0`) would end the recorder. A session with a terminal keeps its jobs together.
 */
static bool leads_session(const struct plan *plan) {
  if (plan->parent == 0 || plan->terminal != -1 || getsid(0) != plan->parent) return false;
  int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal == -1) return errno == ENXIO;
  close(terminal);
  return false;
}

static void start_program(const struct plan *plan) {
  uint64_t blocked = plan->limits[1];
  set_dispositions(plan->limits[0]);
  if (plan->terminal != -1 && (setsid() == -1 || ioctl(plan->terminal, TIOCSCTTY, 0) != 0)) return;
  if (leads_session(plan) && setsid() == -1) return;
  if (!set_stdio(plan)) return;
  set_limits(plan);
  if (!set_ids(plan)) return;
  /* After the ids, whose change would undo it. */
  if (plan->parent != 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != plan->parent)) return;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked);
  int reason = ENOENT;
  for (char **path = plan->paths + 1; *path != NULL; path++) {
    execve(*path, plan->arguments + 1, plan->environment + 1);
    if (errno == ENOEXEC) exec_script(*path, plan->arguments, plan->environment + 1);
    /* As execvp(3): a file that may not be run is remembered, one that is not there is passed over. */
    if (errno == EACCES) reason = EACCES;
    else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) return;
  }
  errno = reason;
}

static int64_t spawn_plan(const struct plan *plan) {
  int status[2];
  if (pipe2(status, O_CLOEXEC) != 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  /* No handler of ours may run in the child, whose signal pipe is the parent's. */
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_t pid = fork();
  if (pid == 0) {
    start_program(plan);
    int reason = errno;
    ssize_t told = write(status[1], &reason, sizeof reason);
    _exit(told == sizeof reason ? 127 : 126);
  }
  int failed = pid == -1 ? errno : 0;
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(status[1]);
  if (pid != -1) {
    ssize_t got;
    do got = read(status[0], &failed, sizeof failed);
    while (got == -1 && errno == EINTR);
    if (got > 0) waitpid(pid, NULL, 0);
    else failed = 0;
  }
  close(status[0]);
  return failed != 0 ? -failed : pid;
}

/* A program by the arguments of spawn(); false where they make none. To be freed. */
static bool plan_of(napi_env env, napi_value *args, struct plan *result) {
  struct bytes stdio = bytes_of(env, args[3]), inherit = bytes_of(env, args[4]);
  struct bytes limits = bytes_of(env, args[5]), ids = bytes_of(env, args[6]);
  if (stdio.length != 3 * sizeof(int32_t) || limits.length < 2 * sizeof(uint64_t)) return false;
  *result = (struct plan){
      .paths = strings_of(bytes_of(env, args[0])),
      .arguments = strings_of(bytes_of(env, args[1])),
      .environment = strings_of(bytes_of(env, args[2])),
      .stdio = (const int32_t *)stdio.data,
      .inherit = (const int32_t *)inherit.data,
      .inherit_count = inherit.length / sizeof(int32_t),
      .limits = (const uint64_t *)limits.data,
      .limit_count = limits.length / sizeof(uint64_t),
      .ids = (const int32_t *)ids.data,
      .id_count = ids.length / sizeof(int32_t),
      .terminal = -1,
  };
  return result->paths != NULL && result->arguments != NULL && result->environment != NULL;
}

static void free_plan(struct plan *plan) {
  free(plan->paths);
  free(plan->arguments);
  free(plan->environment);
}

/*
 * spawn(paths, arguments, environment: blocks of NUL-ended strings, stdio: Int32Array(3), inherit: Int32Array,
 * limits: BigUint64Array, ids: Int32Array, terminal, diesWithParent: 0 or 1): the pid, or -errno of what failed up to and
 * including exec.
 */
static napi_value spawn(napi_env env, napi_callback_info info) {
  ARGUMENTS(9);
  struct plan plan = {0};
  int64_t pid = -EINVAL;
  if (plan_of(env, args, &plan)) {
    plan.terminal = integer_of(env, args[7]);
    plan.parent = integer_of(env, args[8]) == 1 ? getpid() : 0;
    pid = spawn_plan(&plan);
  }
  free_plan(&plan);
  return number(env, pid);
}

/* become(paths, ... ids, as of spawn()): this process is the program from now on; returns only -errno. */
static napi_value become(napi_env env, napi_callback_info info) {
  ARGUMENTS(7);
  struct plan plan = {0};
  int reason = EINVAL;
  if (plan_of(env, args, &plan)) {
    start_program(&plan);
    reason = errno;
  }
  free_plan(&plan);
  return number(env, -reason);
}

void export_spawn(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"spawn", spawn}, {"become", become}};
  EXPORT_ALL(entries);
}
