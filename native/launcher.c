/*
 * The launcher: what runs as bin/rec, bin/rec-session, bin/rec-play, bin/recctl. It takes the environment, the arguments and the rest
 * of the process state apart, so that nothing of them steers the recorder's runtime and all of them reach the recorded
 * program unchanged, and execs the pinned node with fixed flags. docs/architecture.md, "The launcher", has the format of what it hands over.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Inherited descriptors from here on are not handed on to the recorded program. */
enum { DESCRIPTORS = 1024 };

/* By the name it was executed under; any other name is a login shell's (a link named ...-shell-bin-zsh, for one). */
static const struct {
  const char *name;
  const char *script;
  const char *bundle; /* for start.cjs, which runs the recorders */
} commands[] = {
    {"rec", "start.cjs", "rec"},
    {"tlog-rec", "start.cjs", "rec"},
    {"rec-play", "rec-play.js", NULL},
    {"tlog-play", "rec-play.js", NULL},
    {"recctl", "recctl.js", NULL},
    {NULL, "start.cjs", "rec-session"},
};

static _Noreturn void fail(const char *what) {
  dprintf(2, "rec-session: cannot start: %s: %s\n", what, strerror(errno));
  _exit(1);
}

static size_t command_of(const char *name) {
  size_t i = 0;
  while (commands[i].name != NULL && strcmp(commands[i].name, name) != 0) i++;
  return i;
}

/* Bit mask of the closed ones among 0, 1, 2; they are stubbed, since node would open something else in their place. */
static unsigned stub_closed(void) {
  unsigned closed = 0;
  for (int fd = 0; fd < 3; fd++) {
    if (fcntl(fd, F_GETFD) != -1) continue;
    closed |= 1U << fd;
    if (open("/dev/null", O_RDWR) != fd) fail("/dev/null");
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

/* Raises each soft limit to the hard one, so that a user's ulimit does not starve the recorder; writes the old ones. */
static void raise_limits(FILE *out) {
  for (int resource = 0; resource < RLIMIT_NLIMITS; resource++) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    getrlimit((__rlimit_resource_t)resource, &limit);
    fprintf(out, " %llu", (unsigned long long)limit.rlim_cur);
    if (resource == RLIMIT_STACK || resource == RLIMIT_CORE || limit.rlim_cur == limit.rlim_max) continue;
    limit.rlim_cur = limit.rlim_max;
    setrlimit((__rlimit_resource_t)resource, &limit);
  }
}

static void list_descriptors(FILE *out, int own) {
  for (int fd = 3; fd < DESCRIPTORS; fd++)
    if (fd != own && fcntl(fd, F_GETFD) != -1) fprintf(out, " %d", fd);
}

static void put_strings(FILE *out, char *const *strings) {
  for (; *strings != NULL; strings++) fwrite(*strings, 1, strlen(*strings) + 1, out);
}

/* The state that the recorder starts from, in a memory file; its descriptor. */
static int describe(int argc, char *const *argv, char *const *environment) {
  unsigned closed = stub_closed();
  int fd = memfd_create("rec-launch", 0);
  FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
  if (out == NULL) fail("memfd_create");
  fprintf(out, "%d\n%u\n%llx\n%llx\n", argc, closed, (unsigned long long)ignored_signals(), (unsigned long long)unblock_signals());
  raise_limits(out);
  fputc('\n', out);
  list_descriptors(out, fd);
  fputc('\n', out);
  put_strings(out, argv);
  put_strings(out, environment);
  if (fflush(out) != 0 || lseek(fd, 0, SEEK_SET) != 0) fail("memory file");
  return fd;
}

static void path_of(char *path, const char *root, const char *below) {
  if (snprintf(path, PATH_MAX, "%s/%s", root, below) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    fail(root);
  }
}

/* The folder of node and the scripts: fixed in a package, else the one that this program is in; `self` holds it. */
static const char *library_of(char *self) {
#ifdef LIBRARY
  (void)self;
  return LIBRARY;
#else
  ssize_t length = readlink("/proc/self/exe", self, PATH_MAX - 1);
  if (length < 0) fail("/proc/self/exe");
  self[length] = '\0';
  return dirname(self);
#endif
}

int main(int argc, char **argv, char **environment) {
  char self[PATH_MAX], node[PATH_MAX], script[PATH_MAX], number_of[16];
  const char *executed = (const char *)getauxval(AT_EXECFN);
  char called[PATH_MAX];
  snprintf(called, sizeof called, "%s", executed == NULL ? "" : executed);

  int launch = describe(argc, argv, environment);
  const char *library = library_of(self);
  path_of(node, library, "node");
  size_t command = command_of(basename(called));
  path_of(script, library, commands[command].script);
  snprintf(number_of, sizeof number_of, "%d", launch);

  /* The name in ps is the one we were called by; the flags are fixed. */
  char *const arguments[] = {argc > 0 ? argv[0] : called, NODE_FLAGS script, number_of,
                             (char *)(uintptr_t)commands[command].bundle, NULL};
  /* One thread writes, one syncs: libuv would start four. */
  char *const environment_of_node[] = {"UV_THREADPOOL_SIZE=2", NULL};
  execve(node, arguments, environment_of_node);
  fail(node);
}
