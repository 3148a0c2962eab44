/* The recorder's own process: its end, its name, and the way back to Node's event loop. */
#include "addon.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of libuv, whose header we do without: stable, documented API for embedding its loop in another. */
struct uv_loop_s;
extern int uv_backend_fd(const struct uv_loop_s *loop);

/* exitNow(status): the terminal restored, then at once, without waiting for threads that a stuck medium holds. */
static napi_value exit_now(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  restore_terminal();
  _exit(integer_of(env, args[0]));
}

/* setName(name: Uint8Array ending in NUL): what ps and journald's _COMM show. */
static napi_value set_name(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  return outcome(env, prctl(PR_SET_NAME, bytes_of(env, args[0]).data, 0, 0, 0));
}

/*
 * hide(): from now on nobody but root may look into this process: not at its memory, nor at /proc/PID/fd, by which the
 * recorded program could write to the user's terminal past the recorder. No core either: it would hold what was typed.
 */
static napi_value hide(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
}

/* loopDescriptor(): readable when Node's event loop has something to do. */
static napi_value loop_descriptor(napi_env env, napi_callback_info info) {
  (void)info;
  struct uv_loop_s *loop = NULL;
  napi_get_uv_event_loop(env, &loop);
  return outcome(env, uv_backend_fd(loop));
}

/* wait(pid, result: Int32Array(2)): 0 while it runs, else pid, with exit status (or -1) and signal (or 0). */
static napi_value wait_for(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct bytes result = bytes_of(env, args[1]);
  if (result.length < 2 * sizeof(int32_t)) return number(env, -EINVAL);
  int status = 0;
  pid_t pid;
  do pid = waitpid(integer_of(env, args[0]), &status, WNOHANG);
  while (pid == -1 && errno == EINTR);
  if (pid > 0) {
    ((int32_t *)result.data)[0] = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ((int32_t *)result.data)[1] = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }
  return outcome(env, pid);
}

/* adoptOrphans(): what descends from this process stays among its descendants, also when its parent has gone. */
static napi_value adopt_orphans(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
}

/* reapOthers(pid): how many children but that one have ended; they are let go. */
static napi_value reap_others(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  pid_t own = integer_of(env, args[0]);
  int64_t count = 0;
  for (siginfo_t ended = {0}; waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0; ended.si_pid = 0) {
    if (ended.si_pid == 0 || ended.si_pid == own) break;
    waitpid(ended.si_pid, NULL, 0);
    count++;
  }
  return number(env, count);
}

/* The line of /proc/self/maps that begins at `address`: its device and inode, as the kernel writes them there. */
static int64_t place_of(const void *address, char *place, size_t size) {
  char start[32], *line = NULL;
  size_t line_size = 0;
  int64_t length = -ENOENT;
  int start_length = snprintf(start, sizeof start, "%08lx-", (unsigned long)address);
  FILE *maps = fopen("/proc/self/maps", "re");
  /* Whole lines: the rest of a long path could be taken for another mapping. */
  while (maps != NULL && length < 0 && getline(&line, &line_size, maps) != -1) {
    char device[16], inode[24];
    if (strncmp(line, start, (size_t)start_length) != 0) continue;
    if (sscanf(line, "%*s %*s %*s %15s %23s", device, inode) == 2) length = snprintf(place, size, "%s %s", device, inode);
  }
  free(line);
  if (maps != NULL) fclose(maps);
  return length;
}

/*
 * mappedAs(path ending in NUL, place: Uint8Array): the length of "device inode", which stand in the line of every mapping of that file
 * in /proc/PID/maps. Not what stat tells, which is another device on overlayfs and btrfs. -EPERM where another than root may write it.
 */
static napi_value mapped_as(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct bytes place = bytes_of(env, args[1]);
  struct stat status;
  int fd = open((char *)bytes_of(env, args[0]).data, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return number(env, -errno);
  bool is_roots = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == 0 && (status.st_mode & 022) == 0;
  struct statfs system;
  /* Of a FUSE mount its user tells whose a file is. */
  is_roots = is_roots && fstatfs(fd, &system) == 0 && system.f_type != FUSE_SUPER_MAGIC;
  void *page = is_roots ? mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  int64_t length = page == MAP_FAILED ? -EPERM : place_of(page, (char *)place.data, place.length);
  if (page != MAP_FAILED) munmap(page, 1);
  close(fd);
  return number(env, length);
}

void export_process(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"exitNow", exit_now},
      {"setName", set_name},
      {"hide", hide},
      {"loopDescriptor", loop_descriptor},
      {"wait", wait_for},
      {"adoptOrphans", adopt_orphans},
      {"reapOthers", reap_others},
      {"mappedAs", mapped_as},
  };
  EXPORT_ALL(entries);
}
