/* What /proc tells of processes, in one call: a look at a session comes up to 1000 times a second, and is 40 system calls. */
#include "addon.h"
#include "proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Most processes that a look may tell of, and most that is read of one's status, which has a number for each of its groups. */
#define MOST_PROCESSES 64
#define STATUS_BYTES (1 << 16)
#define CHILDREN_BYTES 4096
/* Each has five descriptors, and so many are left to others: a recorder may have 48 in all. */
#define MOST_KEPT 4
#define OTHERS 10
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

/* Files that tell of a process anew each time they are read; and its folder, which stays its own, whoever gets its number afterwards. */
enum { STATUS, STAT, CMDLINE, CHILDREN, FILES };

struct process {
  pid_t pid;
  int folder, files[FILES];
};

static struct process open_process(pid_t pid) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d", (int)pid);
  return (struct process){pid, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), {-1, -1, -1, -1}};
}

static void close_process(struct process *process) {
  for (int i = 0; i < FILES; i++)
    if (process->files[i] >= 0) close(process->files[i]);
  if (process->folder >= 0) close(process->folder);
}

static ssize_t read_file(struct process *process, int file, char *data, size_t size) {
  static const char *const names[] = {"status", "stat", "cmdline"};
  char children[48];
  snprintf(children, sizeof children, "task/%d/children", (int)process->pid);
  int *fd = &process->files[file];
  if (*fd < 0) *fd = openat(process->folder, file == CHILDREN ? children : names[file], O_RDONLY | O_CLOEXEC);
  return *fd < 0 ? -1 : read_again(*fd, data, size);
}

static bool put_command(struct text *text, struct process *process) {
  if (text->size - text->length <= HEAD_BYTES) return false;
  char *data = text->data + text->length + HEAD_BYTES;
  ssize_t length = read_file(process, CMDLINE, data, text->size - text->length - HEAD_BYTES);
  return length >= 0 && close_field(text, (size_t)length);
}

/* An empty file is none: a process that is ending has no memory. Opened each time, as it goes on telling of the memory before an execve(). */
static bool put_maps(struct text *text, int folder) {
  if (text->size - text->length <= HEAD_BYTES) return false;
  ssize_t length = read_maps(folder, text->data + text->length + HEAD_BYTES, text->size - text->length - HEAD_BYTES);
  return length > 0 && close_field(text, (size_t)length);
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

/* Of /proc/PID/stat: words 6, 8 (cminflt) and 17. */
struct activity {
  unsigned flags;
  unsigned long child_faults;
  long threads;
};

static bool read_activity(const char *stat, struct activity *activity) {
  const char *words = strrchr(stat, ')');
  static const char format[] = " %*c %*d %*d %*d %*d %*d %u %*u %lu %*u %*u %*u %*u %*d %*d %*d %*d %ld";
  return words != NULL && sscanf(words + 1, format, &activity->flags, &activity->child_faults, &activity->threads) == 3;
}

/* Whether it runs no more code: it is exiting (PF_EXITING of linux/sched.h), and no other thread of it is left. */
static bool has_ended(const struct activity *activity) { return (activity->flags & 0x4) != 0 && activity->threads <= 1; }

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

static bool put_process(struct text *text, struct process *process, struct activity *activity) {
  static char status[STATUS_BYTES];
  char digits[16];
  if (!put(text, digits, (size_t)snprintf(digits, sizeof digits, "%d", (int)process->pid))) return false;
  if (read_file(process, STATUS, status, sizeof status) < 0) return false;
  if (!put_line(text, status, "\nUid:\t") || !put_line(text, status, "\nTracerPid:\t") || !put_line(text, status, "\nSigIgn:\t"))
    return false;
  if (read_file(process, STAT, status, sizeof status) < 0 || !read_activity(status, activity)) return false;
  /* cminflt and starttime of proc(5). */
  if (!put_word(text, status, 8) || !put_word(text, status, 19)) return false;
  if (has_ended(activity)) return put_no_image(text, "ended") && put(text, "", 0);
  /* The arguments after the image: an execve() between the two must not lend those of the program before to it. */
  return put_image(text, process->folder) && put_command(text, process);
}

/* Appends the children that a file tells; how many `pids` holds then, -1 where that cannot be told or are too many. */
static int add_told(const char *children, ssize_t length, pid_t *pids, int count, int most) {
  if (length < 0) return -1;
  char *end;
  for (long child = strtol(children, &end, 10); child > 0; child = strtol(end, &end, 10)) {
    if (count == most) return -1;
    pids[count++] = (pid_t)child;
  }
  return count;
}

/* Those of the first thread. */
static int add_children(struct process *process, pid_t *pids, int count, int most) {
  char children[CHILDREN_BYTES];
  return add_told(children, read_file(process, CHILDREN, children, sizeof children), pids, count, most);
}

/* Those of all threads. */
static int add_all_children(const struct process *process, pid_t *pids, int count, int most) {
  char name[64], children[CHILDREN_BYTES];
  int fd = openat(process->folder, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *threads = fd < 0 ? NULL : fdopendir(fd);
  if (threads == NULL) {
    if (fd >= 0) close(fd);
    return -1;
  }
  for (struct dirent *thread = readdir(threads); thread != NULL && count >= 0; thread = readdir(threads)) {
    if (thread->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "%.20s/children", thread->d_name);
    count = add_told(children, read_text(fd, name, children, sizeof children), pids, count, most);
  }
  closedir(threads);
  return count;
}

/* Left open from one look at a transfer to the next, which come hundreds of times a second. */
static struct {
  struct process processes[MOST_KEPT];
  int count;
} kept;

static void close_kept(void) {
  while (kept.count > 0) close_process(&kept.processes[--kept.count]);
}

static struct process *find_kept(pid_t pid) {
  for (int i = 0; i < kept.count; i++)
    if (kept.processes[i].pid == pid) return &kept.processes[i];
  return NULL;
}

/* A child that was waited for after `before` was read, and before the children were, is in neither. */
static bool has_lost_child(struct process *process, const struct activity *before) {
  char stat[1024];
  struct activity now;
  if (read_file(process, STAT, stat, sizeof stat) < 0 || !read_activity(stat, &now)) return true;
  return now.child_faults != before->child_faults;
}

/*
 * Appends the process's children to `pids`. Of the recorder itself, `is_root`, only the first thread starts others, and it adopts orphans: the
 * kernel gives them to that one, too.
 */
static int put_and_add(struct text *text, struct process *process, bool is_root, pid_t *pids, int count, int most) {
  struct activity activity = {0, 0, 1};
  if (process->folder < 0 || (!is_root && !put_process(text, process, &activity))) return -1;
  int sum = activity.threads == 1 ? add_children(process, pids, count, most) : add_all_children(process, pids, count, most);
  return !is_root && has_lost_child(process, &activity) ? -1 : sum;
}

/* Numbers are given from the lowest on. */
static bool may_keep(const struct process *process) {
  struct rlimit limit;
  if (kept.count == MOST_KEPT || getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  return process->folder >= 0 && (rlim_t)process->folder + FILES + OTHERS < limit.rlim_cur;
}

/* False where something cannot be told. */
static bool put_descendants(struct text *text, pid_t pid, int most, bool keeps) {
  pid_t pids[MOST_PROCESSES];
  int count = 0;
  for (int i = -1; i < count; i++) {
    struct process *process = find_kept(i < 0 ? pid : pids[i]), opened;
    if (process == NULL) {
      opened = open_process(i < 0 ? pid : pids[i]);
      process = keeps && may_keep(&opened) ? &kept.processes[kept.count++] : &opened;
      *process = opened;
    }
    int sum = put_and_add(text, process, i < 0, pids, count, most);
    if (process == &opened) close_process(process);
    if (sum < 0) return false;
    count = sum;
  }
  return true;
}

static bool look_into(struct text *text, pid_t pid, int most, bool keeps) {
  if (!keeps) close_kept();
  setfsgid(getgid());
  bool is_whole = put_descendants(text, pid, most, keeps);
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
  bool is_whole = look_into(&text, integer_of(env, args[0]), most, false);
  return number(env, is_whole ? (int64_t)text.length : -ESRCH);
}

bool looks_like(struct bytes told) {
  /* A longer text is another one. */
  static char bytes[LIKE_BYTES];
  struct text text = {bytes, 0, sizeof bytes};
  return told.length > 0 && look_into(&text, getpid(), MOST_PROCESSES, true) && text.length == told.length && memcmp(bytes, told.data, told.length) == 0;
}

void export_look(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"look", look}};
  EXPORT_ALL(entries);
}
