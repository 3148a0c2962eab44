/* Descriptors: what the relay reads, writes and waits for. */
#include "addon.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* poll(descriptors: Int32Array of pairs (fd, events | revents << 16), count, timeoutMs): how many are ready; 0 also after a signal. */
static napi_value poll_descriptors(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  struct bytes view = bytes_of(env, args[0]);
  int32_t count = integer_of(env, args[1]);
  _Static_assert(sizeof(struct pollfd) == 2 * sizeof(int32_t), "pollfd is a pair of 32-bit words");
  if (count < 0 || (size_t)count * sizeof(struct pollfd) > view.length) return number(env, -EINVAL);
  int ready = poll((struct pollfd *)view.data, (nfds_t)count, integer_of(env, args[2]));
  if (ready >= 0) return number(env, ready);
  if (errno != EINTR) return number(env, -errno);
  for (int32_t i = 0; i < count; i++) ((struct pollfd *)view.data)[i].revents = 0;
  return number(env, 0);
}

static bool range_of(napi_env env, napi_value *args, struct bytes *range) {
  struct bytes view = bytes_of(env, args[1]);
  int32_t from = integer_of(env, args[2]);
  int32_t length = integer_of(env, args[3]);
  if (from < 0 || length < 0 || (size_t)from + (size_t)length > view.length) return false;
  range->data = view.data + from;
  range->length = (size_t)length;
  return true;
}

/* read(fd, bytes, from, length): how many came, 0 at the end. */
static napi_value read_bytes(napi_env env, napi_callback_info info) {
  ARGUMENTS(4);
  struct bytes range;
  if (!range_of(env, args, &range)) return number(env, -EINVAL);
  return outcome(env, read(integer_of(env, args[0]), range.data, range.length));
}

/* write(fd, bytes, from, length): how many went. */
static napi_value write_bytes(napi_env env, napi_callback_info info) {
  ARGUMENTS(4);
  struct bytes range;
  if (!range_of(env, args, &range)) return number(env, -EINVAL);
  return outcome(env, write(integer_of(env, args[0]), range.data, range.length));
}

/* splice(from, to, length): how many bytes went from one to the other, one of them a pipe, without waiting; 0 at the end. */
static napi_value splice_bytes(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  size_t length = (size_t)integer_of(env, args[2]);
  return outcome(env, splice(integer_of(env, args[0]), NULL, integer_of(env, args[1]), NULL, length, SPLICE_F_NONBLOCK));
}

/* send(fd, bytes, from, length): write to a stream socket without waiting, whatever the flags of a shared description. */
static napi_value send_bytes(napi_env env, napi_callback_info info) {
  ARGUMENTS(4);
  struct bytes range;
  if (!range_of(env, args, &range)) return number(env, -EINVAL);
  return outcome(env, send(integer_of(env, args[0]), range.data, range.length, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* pipe(ends: Int32Array(2)): read end, write end; CLOEXEC. */
static napi_value make_pipe(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  struct bytes ends = bytes_of(env, args[0]);
  if (ends.length < 2 * sizeof(int)) return number(env, -EINVAL);
  return outcome(env, pipe2((int *)ends.data, O_CLOEXEC));
}

/* setNonblocking(fd): only for descriptions that are ours alone. */
static napi_value set_nonblocking(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int fd = integer_of(env, args[0]);
  int flags = fcntl(fd, F_GETFL);
  return outcome(env, flags == -1 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK));
}

/* closeDescriptor(fd) */
static napi_value close_descriptor(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  return outcome(env, close(integer_of(env, args[0])));
}

/* stub(fd): the other side sees it closed, while no later open() gets its number. */
static napi_value stub_descriptor(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return number(env, -errno);
  int done = dup3(null, integer_of(env, args[0]), O_CLOEXEC);
  int reason = errno;
  close(null);
  return number(env, done < 0 ? -reason : 0);
}

/* kindOf(fd): the file type bits of its mode (S_IFIFO, S_IFSOCK, ...). */
static napi_value kind_of(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  struct stat status;
  if (fstat(integer_of(env, args[0]), &status) != 0) return number(env, -errno);
  return number(env, status.st_mode & S_IFMT);
}

/* pendingBytes(fd): how many are there to be read. */
static napi_value pending_bytes(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int count = 0;
  if (ioctl(integer_of(env, args[0]), FIONREAD, &count) != 0) return number(env, -errno);
  return number(env, count);
}

/* isWritable(fd): 1 when it was opened for writing too, as a socket always is. */
static napi_value is_writable(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int flags = fcntl(integer_of(env, args[0]), F_GETFL);
  return outcome(env, flags == -1 ? -1 : (flags & O_ACCMODE) != O_RDONLY);
}

/* isSame(fd, fd): 1 when both are one open file description, as after 2>&1. */
static napi_value is_same(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  int one = integer_of(env, args[0]), other = integer_of(env, args[1]);
  long difference = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, one, other);
  if (difference >= 0) return number(env, difference == 0);
  /* Without kcmp (seccomp): one pipe or socket is one stream, whoever opened it. */
  struct stat a, b;
  bool alike = fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
  return number(env, alike && (S_ISFIFO(a.st_mode) || S_ISSOCK(a.st_mode)));
}

void export_stream(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"poll", poll_descriptors},
      {"read", read_bytes},
      {"write", write_bytes},
      {"splice", splice_bytes},
      {"send", send_bytes},
      {"pipe", make_pipe},
      {"setNonblocking", set_nonblocking},
      {"closeDescriptor", close_descriptor},
      {"stub", stub_descriptor},
      {"kindOf", kind_of},
      {"pendingBytes", pending_bytes},
      {"isWritable", is_writable},
      {"isSame", is_same},
  };
  EXPORT_ALL(entries);
}
