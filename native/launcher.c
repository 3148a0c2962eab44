/*
 * The launcher: what runs as rec, rec-session, rec-play, recctl. It takes the environment, the arguments and the rest of the
 * process state apart, so that nothing of them steers the recorder's runtime and all of them reach the recorded program
 * unchanged, and execs the pinned node with fixed flags. docs/architecture.md, "The launcher", has the format of what it hands over.
 *
 * Built with LIBRARY, the absolute path of the folder of node and the bundles, it serves an installation; its copy that is
 * set-group-ID is rec-session by any name. Without, it serves a checkout: everything is beside it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef LIBRARY
enum { IS_INSTALLED = 1 };
#else
#define LIBRARY NULL
enum { IS_INSTALLED = 0 };
#endif

/* Bits of the description: what the recorder may rely on. */
enum { INSTALLED = 1, PRIVILEGED = 2 };

/* By the name it was executed under; any other name is a login shell's (a link named ...-shell-bin-zsh, for one). */
static const struct {
  const char *name;
  const char *bundle; /* that start.cjs runs */
  bool records;
} commands[] = {
    {"rec", "rec", true},
    {"tlog-rec", "rec", true},
    {"rec-play", "rec-play", false},
    {"tlog-play", "rec-play", false},
    {"recctl", "recctl", false},
    {NULL, "rec-session", true},
};

/* Whether this exec gave the group of the recordings: then the caller is a recorded user, and trusted with nothing. */
static bool is_privileged(void) { return getauxval(AT_SECURE) != 0 || getegid() != getgid() || geteuid() != getuid(); }

static size_t command_of(const char *name) {
  size_t i = 0;
  while (commands[i].name != NULL && (is_privileged() || strcmp(commands[i].name, name) != 0)) i++;
  return i;
}

/* The command that the path of this exec names. */
static size_t called_command(void) {
  char called[PATH_MAX];
  const char *executed = (const char *)getauxval(AT_EXECFN);
  snprintf(called, sizeof called, "%s", executed == NULL ? "" : executed);
  return command_of(basename(called));
}

/* To whoever runs it, and of a recorder to the administrator, since a login may have nobody watching; never waits. */
static _Noreturn void fail(const char *what, const char *why) {
  size_t command = called_command();
  const char *name = commands[command].name == NULL ? "rec-session" : commands[command].name;
  dprintf(2, "%s: cannot start: %s: %s\n", name, what, why);
  if (!commands[command].records) _exit(1);
  char line[512];
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
  int log = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  /* 83: facility authpriv, priority err. */
  snprintf(line, sizeof line, "<83>%s[%d]: uid %u: cannot start: %s: %s", name, getpid(), getuid(), what, why);
  sendto(log, line, strlen(line), MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
  _exit(1);
}

/* The C library opens these in place of closed descriptors before main() where AT_SECURE is set: none can be used. */
static bool is_stub(int fd) {
  struct stat status;
  dev_t device = fd == 0 ? makedev(1, 7) : makedev(1, 3); /* /dev/full, /dev/null */
  int unusable = fd == 0 ? O_WRONLY : O_RDONLY;
  if (!is_privileged() || fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode)) return false;
  return status.st_rdev == device && (fcntl(fd, F_GETFL) & O_ACCMODE) == unusable;
}

/* Bit mask of the closed ones among 0, 1, 2; they are stubbed, since node would open something else in their place. */
static unsigned stub_closed(void) {
  unsigned closed = 0;
  for (int fd = 0; fd < 3; fd++) {
    bool is_open = fcntl(fd, F_GETFD) != -1;
    if (is_open && !is_stub(fd)) continue;
    closed |= 1U << fd;
    if (!is_open && open("/dev/null", O_RDWR) != fd) fail("/dev/null", strerror(errno));
  }
  return closed;
}

static uint64_t ignored_signals(void) {
  uint64_t ignored = 0;
  for (int n = 1; n < NSIG; n++) {
    struct sigaction action;
    if (sigaction(n, NULL, &action) == 0 && action.sa_handler == SIG_IGN) ignored |= UINT64_C(1) << (n - 1);
  }
  return ignored;
}

static uint64_t unblock_signals(void) {
  sigset_t none, before;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, &before);
  uint64_t blocked = 0;
  for (int n = 1; n < NSIG; n++)
    if (sigismember(&before, n) == 1) blocked |= UINT64_C(1) << (n - 1);
  return blocked;
}

/*
 * What node needs to run at all: less, and it would die without a word that helps. Measured, with a third to spare. What is handed
 * over to it is a file, too: the kernel lets arguments and environment have 6 MiB.
 */
static const struct {
  int resource;
  rlim_t least;
  const char *what;
} needs[] = {
    {RLIMIT_AS, (rlim_t)1536 << 20, "its address space (ulimit -Hv) is limited to less than 1.5 GiB"},
    {RLIMIT_DATA, (rlim_t)768 << 20, "its data (ulimit -Hd) is limited to less than 768 MiB"},
    {RLIMIT_FSIZE, (rlim_t)16 << 20, "its files (ulimit -Hf) are limited to less than 16 MiB"},
    {RLIMIT_NOFILE, 48, "its open files (ulimit -Hn) are limited to less than 48"},
};

/* Raises each soft limit to the hard one, so that a user's ulimit does not starve the recorder; writes the old ones. */
static void raise_limits(FILE *out) {
  for (int resource = 0; resource < RLIMIT_NLIMITS; resource++) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit((__rlimit_resource_t)resource, &limit);
    fprintf(out, " %llu", (unsigned long long)limit.rlim_cur);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
      if (needs[i].resource == resource && limit.rlim_max < needs[i].least) fail("node", needs[i].what);
    if (resource == RLIMIT_STACK || resource == RLIMIT_CORE || limit.rlim_cur == limit.rlim_max) continue;
    limit.rlim_cur = limit.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &limit);
  }
}

/* How many processes there were at once; all of them count in the launcher's memory, which vfork() shares: volatile, as more than one writes it. */
static volatile int held;

/*
 * Takes so many places among the user's processes, each for a child of the one before, that ends when those after it have. vfork(), as nobody
 * waits for a processor then. What outlived the launcher would keep group and descriptors.
 */
static void hold_places(int count) {
  if (count == 0) return;
  const pid_t parent = getpid();
  const pid_t child = vfork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    held++;
    hold_places(count - 1);
    _exit(0);
  }
  if (child > 0) waitpid(child, NULL, 0);
}

/* Node's threads and the recorded program: node that cannot start a thread aborts, now or later. */
static void check_processes(void) {
  enum { THREADS = 6 };
  struct rlimit limit;
  if (getuid() == 0 || getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  hold_places(THREADS);
  if (held < THREADS) fail("node", "the user has as many processes as he may (ulimit -Hu, TasksMax)");
}

/* From 3 on; a recorded user's own never reach the recorder. */
static void list_descriptors(FILE *out) {
  if (is_privileged()) return;
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) return;
  for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (fd > 2 && fd != fileno(out) && fd != dirfd(folder)) fprintf(out, " %d", fd);
  }
  closedir(folder);
}

static void put_string(FILE *out, const char *string) { fwrite(string, 1, strlen(string) + 1, out); }

/*
 * As the kernel laid it out: after the arguments and up to the path executed. Not by the pointers, from which the C library
 * has taken TMPDIR, LD_PRELOAD and others where AT_SECURE is set; the user's shell has a right to them.
 */
static void put_environment(FILE *out, int argc, char *const *argv, char *const *environment, const char *executed) {
  const char *first = argc > 0 ? argv[argc - 1] + strlen(argv[argc - 1]) + 1 : environment[0];
  if (first != NULL && executed != NULL && first < executed) fwrite(first, 1, (size_t)(executed - first), out);
}

/* The state that the recorder starts from, in a memory file; its descriptor. */
static int describe(int argc, char *const *argv, char *const *environment, const char *executed) {
  unsigned closed = stub_closed();
  if (is_privileged()) close_range(3, ~0U, 0);
  int fd = memfd_create("rec-launch", 0);
  FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
  if (out == NULL) fail("memfd_create", strerror(errno));
  fprintf(out, "%d\n%u\n%llx\n%llx\n", argc, closed, (unsigned long long)ignored_signals(), (unsigned long long)unblock_signals());
  raise_limits(out);
  check_processes();
  fputc('\n', out);
  list_descriptors(out);
  fprintf(out, "\n%d\n", (IS_INSTALLED ? INSTALLED : 0) | (is_privileged() ? PRIVILEGED : 0));
  put_string(out, executed == NULL ? "" : executed);
  for (int i = 0; i < argc; i++) put_string(out, argv[i]);
  put_environment(out, argc, argv, environment, executed);
  /* fflush() does not tell of what an earlier write had to leave out. */
  if (fflush(out) != 0 || ferror(out) != 0 || lseek(fd, 0, SEEK_SET) != 0) fail("memory file", strerror(errno));
  return fd;
}

static void path_of(char *path, const char *folder, const char *name) {
  if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) fail(folder, strerror(ENAMETOOLONG));
}

/* The folder of this program's file. `self` holds it. */
static const char *own_folder(char *self) {
  ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);
  if (length < 0) fail("/proc/self/exe", strerror(errno));
  self[length] = '\0';
  return dirname(self);
}

int main(int argc, char **argv, char **environment) {
  char self[PATH_MAX], node[PATH_MAX], script[PATH_MAX], number_of[16];
  const char *executed = (const char *)getauxval(AT_EXECFN);
  int launch = describe(argc, argv, environment, executed);
  const char *folder = IS_INSTALLED ? LIBRARY : own_folder(self);
  path_of(node, folder, "node");
  size_t command = called_command();
  path_of(script, folder, "start.cjs");
  snprintf(number_of, sizeof number_of, "%d", launch);

  /* The name in ps is the one we were called by; the flags are fixed. */
  char *name = argc > 0 ? argv[0] : "", *bundle = (char *)(uintptr_t)commands[command].bundle;
  char *const recorder[] = {name, RECORDER_FLAGS script, number_of, bundle, NULL};
  char *const reader[] = {name, READER_FLAGS script, number_of, bundle, NULL};
  /* One thread writes, one syncs: libuv would start four. */
  char *const environment_of_node[] = {"UV_THREADPOOL_SIZE=2", NULL};
  execve(node, commands[command].records ? recorder : reader, environment_of_node);
  fail(node, strerror(errno));
}
