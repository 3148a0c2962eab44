/* What /proc tells of processes, in one call: a look at a session comes up to 1000 times a second, and is 40 system calls. */
#include "addon.h"
#include "maps.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most processes that a look may tell of, and most that is read of one's status, which has a number for each of its groups. */
#define MOST_PROCESSES 64
#define STATUS_BYTES (1 << 16)
#define CHILDREN_BYTES 4096
#define LIKE_BYTES (1 << 16)

/* A field is its length in eight hexadecimal digits, then its bytes. */
#define HEAD_BYTES 8

struct text {
  char *data;
  size_t length, size;
};

static bool close_field(struct text *text, size_t length) {
  char head[HEAD_BYTES + 1];
  snprintf(head, sizeof head, "%08x", (unsigned)length);
  memcpy(text->data + text->length, head, HEAD_BYTES);
  text->length += HEAD_BYTES + length;
  return true;
}

static bool put(struct text *text, const char *bytes, size_t length) {
  if (text->size - text->length < HEAD_BYTES + length) return false;
  memcpy(text->data + text->length + HEAD_BYTES, bytes, length);
  return close_field(text, length);
}

/* The bytes read, or -1; a file that has more than `size` - 1 is none. */
static ssize_t read_file(int folder, const char *name, char *data, size_t size) {
  int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  size_t length = 0;
  ssize_t count = 1;
  while (count > 0 && length < size) {
    count = read(fd, data + length, size - length);
    if (count > 0) length += (size_t)count;
  }
  close(fd);
  return count < 0 || length == size ? -1 : (ssize_t)length;
}

static bool put_file(struct text *text, int folder, const char *name) {
  if (text->size - text->length <= HEAD_BYTES) return false;
  char *data = text->data + text->length + HEAD_BYTES;
  ssize_t length = read_file(folder, name, data, text->size - text->length - HEAD_BYTES);
  return length >= 0 && close_field(text, (size_t)length);
}

/* An empty file is none: a process that is ending has no memory. */
static bool put_maps(struct text *text, int folder) {
  if (text->size - text->length <= HEAD_BYTES) return false;
  char *data = text->data + text->length + HEAD_BYTES;
  ssize_t length = read_file(folder, "smaps", data, text->size - text->length - HEAD_BYTES);
  if (length <= 0) return false;
  data[length] = '\0';
  return close_field(text, maps_of(data));
}

static bool put_link(struct text *text, int folder, const char *name) {
  char target[PATH_MAX];
  ssize_t length = readlinkat(folder, name, target, sizeof target);
  return length >= 0 && put(text, target, (size_t)length);
}

/* What stands between `name` and the end of its line. */
static bool put_line(struct text *text, const char *status, const char *name) {
  const char *line = strstr(status, name);
  if (line == NULL) return false;
  line += strlen(name);
  return put(text, line, strcspn(line, "\n"));
}

/* Word `n` of /proc/PID/stat, the first being the state: what comes before it, the name, may hold anything. */
static bool put_word(struct text *text, const char *stat, int n) {
  const char *word = strrchr(stat, ')');
  for (int i = 0; i <= n && word != NULL; i++) {
    word = strchr(word, ' ');
    if (word != NULL) word++;
  }
  return word != NULL && put(text, word, strcspn(word, " \n"));
}

/* Whether it runs no more code: it is exiting (PF_EXITING of linux/sched.h in word 6), and no other thread of it is left (word 17). */
static bool has_ended(const char *stat) {
  const char *words = strrchr(stat, ')');
  unsigned flags = 0;
  long threads = 0;
  if (words == NULL) return false;
  if (sscanf(words + 1, " %*c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %ld", &flags, &threads) != 2) return false;
  return (flags & 0x4) != 0 && threads <= 1;
}

/* Four fields that are no image. */
static bool put_no_image(struct text *text, const char *why) {
  return put(text, "", 0) && put(text, why, strlen(why)) && put(text, "", 0) && put(text, "", 0);
}

/* The image is four empty fields for a process that has closed itself. */
static bool put_image(struct text *text, int folder) {
  size_t before = text->length;
  char file[64];
  struct stat program;
  if (put_link(text, folder, "exe") && fstatat(folder, "exe", &program, 0) == 0) {
    int length = snprintf(file, sizeof file, "%llu %llu", (unsigned long long)program.st_dev, (unsigned long long)program.st_ino);
    if (put(text, file, (size_t)length) && put_link(text, folder, "ns/mnt") && put_maps(text, folder)) return true;
  }
  text->length = before;
  return put_no_image(text, "");
}

static bool put_process(struct text *text, int folder, pid_t pid) {
  static char status[STATUS_BYTES];
  char digits[16];
  if (!put(text, digits, (size_t)snprintf(digits, sizeof digits, "%d", (int)pid))) return false;
  ssize_t length = read_file(folder, "status", status, sizeof status);
  if (length < 0) return false;
  status[length] = '\0';
  if (!put_line(text, status, "\nUid:\t") || !put_line(text, status, "\nTracerPid:\t") || !put_line(text, status, "\nSigIgn:\t"))
    return false;
  length = read_file(folder, "stat", status, sizeof status);
  if (length < 0) return false;
  status[length] = '\0';
  /* cminflt and starttime of proc(5). */
  if (!put_word(text, status, 8) || !put_word(text, status, 19)) return false;
  if (has_ended(status)) return put_no_image(text, "ended") && put(text, "", 0);
  /* The arguments after the image: an execve() between the two must not lend those of the program before to it. */
  return put_image(text, folder) && put_file(text, folder, "cmdline");
}

/* Appends the children of one thread; how many `pids` holds then, -1 where that cannot be told or are too many. */
static int add_children(int threads, const char *thread, pid_t *pids, int count, int most) {
  char name[64], children[CHILDREN_BYTES];
  snprintf(name, sizeof name, "%.20s/children", thread);
  ssize_t length = read_file(threads, name, children, sizeof children);
  if (length < 0) return -1;
  children[length] = '\0';
  char *end = children;
  for (long child = strtol(children, &end, 10); child > 0; child = strtol(end, &end, 10)) {
    if (count == most) return -1;
    pids[count++] = (pid_t)child;
  }
  return count;
}

/* Those of all threads of the process. */
static int add_all_children(int folder, pid_t *pids, int count, int most) {
  int fd = openat(folder, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *threads = fd < 0 ? NULL : fdopendir(fd);
  if (threads == NULL) {
    if (fd >= 0) close(fd);
    return -1;
  }
  for (struct dirent *thread = readdir(threads); thread != NULL && count >= 0; thread = readdir(threads))
    if (thread->d_name[0] != '.') count = add_children(fd, thread->d_name, pids, count, most);
  closedir(threads);
  return count;
}

/* Those of a process of which only the first thread starts others, and which adopts orphans: the kernel gives them to that one, too. */
static int add_own_children(int folder, pid_t pid, pid_t *pids, int most) {
  char thread[32];
  snprintf(thread, sizeof thread, "task/%d", (int)pid);
  return add_children(folder, thread, pids, 0, most);
}

static int open_process(pid_t pid) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d", (int)pid);
  return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* False where something cannot be told. */
static bool put_descendants(struct text *text, pid_t pid, int most) {
  pid_t pids[MOST_PROCESSES];
  int count = 0;
  for (int i = -1; i < count; i++) {
    /* The folder stays this process's, whoever gets its number afterwards. */
    int folder = open_process(i < 0 ? pid : pids[i]);
    if (folder < 0) return false;
    bool is_told = i < 0 || put_process(text, folder, pids[i]);
    int sum = !is_told ? -1 : i < 0 ? add_own_children(folder, pid, pids, most) : add_all_children(folder, pids, count, most);
    close(folder);
    if (sum < 0) return false;
    count = sum;
  }
  return true;
}

static bool look_into(struct text *text, pid_t pid, int most) {
  setfsgid(getgid());
  bool is_whole = put_descendants(text, pid, most);
  setfsgid(getegid());
  return is_whole;
}

/*
 * look(pid, most, bytes): the length of what it puts into `bytes`: of each process that descends from `pid` the fields pid,
 * Uid, TracerPid, SigIgn, cminflt, starttime; path, "device inode", mount namespace and maps of its image ("", "ended", "", ""
 * where it runs no more); cmdline. Fails where a process cannot be told of, where they are more than `most`, or more text than `bytes` holds.
 *
 * With the user's own group: /proc/PID of his processes is closed to the group of a set-group-ID recorder.
 */
static napi_value look(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  struct bytes bytes = bytes_of(env, args[2]);
  struct text text = {(char *)bytes.data, 0, bytes.length};
  int most = integer_of(env, args[1]);
  if (most < 0 || most > MOST_PROCESSES) return number(env, -EINVAL);
  bool is_whole = look_into(&text, integer_of(env, args[0]), most);
  return number(env, is_whole ? (int64_t)text.length : -ESRCH);
}

bool looks_like(struct bytes told) {
  /* A longer text is another one. */
  static char bytes[LIKE_BYTES];
  struct text text = {bytes, 0, sizeof bytes};
  return told.length > 0 && look_into(&text, getpid(), MOST_PROCESSES) && text.length == told.length && memcmp(bytes, told.data, told.length) == 0;
}

void export_look(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"look", look}};
  EXPORT_ALL(entries);
}
