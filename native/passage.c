/* What passes untold, the content of a transfer, is carried here: JavaScript would do it 10 000 times a second. */
#include "addon.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MOST_OTHERS 16
/* Most that one splice() may move. */
#define MOVE_BYTES (1 << 20)
/* From here on output is not copied. */
#define BULK_BYTES (1 << 16)
/* What the pipes of a large flow hold, those on the way of output twice as much: a message of sftp-server has some bytes more than this. */
#define WIDE_BYTES (1 << 18)
/* Between two turns of large input, so that more comes together. */
#define NAP_NS 500000
/* A flow of which so much came in a span, 64 MB/s, is large: only that one waits for more. */
#define SPAN_US 8000
#define SPAN_BYTES_US 64

/* What JavaScript has as an Int32Array; a flow that is not there has -1 for its descriptors. */
struct passage {
  /* Input: from a pipe to the program's. */
  int32_t in_from, in_to, is_blocked, in_bytes;
  /* Output: what was read into the room and has not gone on, and how much of it is in the lock, a pipe on the way to another's. */
  int32_t out_from, out_to, lock_read, lock_write, start, end, locked;
  /* What was moved into the lock: what may go on, and what has to be judged before; and how much a look has cleared here. */
  int32_t judged, fresh, cleared;
  /* Where the next read goes, how much it may bring, and from where on the room counts as full. */
  int32_t place, piece_bytes, full_at;
  /* How long to wait for the first byte, -1 for any time; and how long until the next byte has to be told of. */
  int32_t wait_ms, due_us;
};

enum { IN, SOURCE, SINK, OURS };

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int unread(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

static bool has_to_wait(void) { return errno == EAGAIN || errno == EINTR; }

/* False where JavaScript has to look after it: at the end of the stream, or what cannot be moved. */
static bool move_input(struct passage *p) {
  ssize_t count = splice(p->in_from, NULL, p->in_to, NULL, MOVE_BYTES, SPLICE_F_NONBLOCK);
  if (count == 0 || (count < 0 && !has_to_wait())) return false;
  if (count > 0) p->in_bytes += (int32_t)count;
  /* Where nothing went, it is for the other of the two pipes than the one that was waited for. */
  p->is_blocked = count < 0 && !p->is_blocked;
  return true;
}

static bool copy_output(struct passage *p, struct bytes room) {
  ssize_t count = read(p->out_from, room.data + p->place, (size_t)p->piece_bytes);
  if (count <= 0) return count < 0 && has_to_wait();
  p->start = p->place;
  p->place += (int32_t)count;
  p->end = p->place;
  return true;
}

/* Sets `is_full` where the lock takes no more; an empty one took nothing as there was nothing, which another has read. */
static bool move_output(struct passage *p, bool *is_full) {
  ssize_t count = splice(p->out_from, NULL, p->lock_write, NULL, MOVE_BYTES, SPLICE_F_NONBLOCK);
  *is_full = count < 0 && p->fresh + p->judged > 0;
  if (count > 0) p->fresh += (int32_t)count;
  return count > 0 || (count < 0 && has_to_wait());
}

static bool pass_judged(struct passage *p) {
  ssize_t count = splice(p->lock_read, NULL, p->out_to, NULL, (size_t)p->judged, SPLICE_F_NONBLOCK);
  if (count > 0) p->judged -= (int32_t)count;
  return count > 0 || (count < 0 && has_to_wait());
}

static bool pass_copied(struct passage *p, struct bytes room) {
  int32_t from = p->start + p->locked;
  ssize_t taken = from < p->end ? write(p->lock_write, room.data + from, (size_t)(p->end - from)) : 0;
  if (taken > 0) p->locked += (int32_t)taken;
  ssize_t passed = splice(p->lock_read, NULL, p->out_to, NULL, (size_t)p->locked, SPLICE_F_NONBLOCK);
  if (passed < 0) return has_to_wait();
  p->start += (int32_t)passed;
  p->locked -= (int32_t)passed;
  return true;
}

static bool is_whole(const struct passage *p, struct bytes room) {
  bool is_held = 0 <= p->start && p->start <= p->end && (size_t)p->end <= room.length;
  bool is_room = 0 <= p->place && 0 <= p->piece_bytes && 0 <= p->full_at && (size_t)p->full_at + (size_t)p->piece_bytes <= room.length;
  return is_held && is_room && 0 <= p->locked && p->locked <= p->end - p->start && 0 <= p->judged && p->fresh == 0;
}

/* How much came lately, and how much of it is output. */
static struct {
  int64_t since_us;
  int32_t bytes, output;
  bool is_large, was_large;
} span;

/*
 * Where output is large, a write that wakes us does not take the processor from who writes (SCHED_BATCH, sched(7)): he comes to the end of his
 * message, and all of it is moved at once. Of large input nap() sees to that. A policy that another gave us is left alone.
 */
static void be_batch(bool is_batch) {
  static bool is_ours = false;
  const struct sched_param none = {0};
  if (is_batch == is_ours || (is_batch && sched_getscheduler(0) != SCHED_OTHER)) return;
  if (sched_setscheduler(0, is_batch ? SCHED_BATCH : SCHED_OTHER, &none) == 0) is_ours = is_batch;
}

/* Where the user may have so much of it: fs.pipe-user-pages-soft bounds what all his pipes hold. */
static void widen(int fd, int bytes) {
  int held = fcntl(fd, F_GETPIPE_SZ);
  if (held >= 0 && held < bytes) (void)fcntl(fd, F_SETPIPE_SZ, bytes);
}

static void widen_all(const struct passage *p) {
  widen(p->in_from, WIDE_BYTES);
  widen(p->in_to, WIDE_BYTES);
  widen(p->out_from, 2 * WIDE_BYTES);
  widen(p->lock_write, 2 * WIDE_BYTES);
  widen(p->out_to, 2 * WIDE_BYTES);
}

static void count_span(int32_t input, int32_t output, int64_t now) {
  span.bytes += input + output;
  span.output += output;
  if (now - span.since_us < SPAN_US) return;
  span.is_large = span.bytes / SPAN_BYTES_US >= now - span.since_us;
  if (span.is_large) be_batch(span.output > span.bytes / 2);
  span.since_us = now;
  span.bytes = span.output = 0;
}

static void nap(void) {
  struct timespec pause = {0, NAP_NS};
  nanosleep(&pause, NULL);
}

/*
 * pass(others: as of poll(), count, passage: Int32Array, room, told): carries input and output until another descriptor is ready, `wait_ms` have gone
 * without a byte, bytes have come and `due_us` have gone, the room is full, what was moved is to be judged, or something is the matter. What is
 * copied when it is due, or fills the room, is not passed on.
 */
static napi_value pass(napi_env env, napi_callback_info info) {
  ARGUMENTS(5);
  struct bytes others = bytes_of(env, args[0]), state = bytes_of(env, args[2]), room = bytes_of(env, args[3]), told = bytes_of(env, args[4]);
  int32_t count = integer_of(env, args[1]);
  struct passage *p = (struct passage *)state.data;
  if (count < 0 || count > MOST_OTHERS || (size_t)count * sizeof(struct pollfd) > others.length) return number(env, -EINVAL);
  if (state.length < sizeof *p || !is_whole(p, room)) return number(env, -EINVAL);
  struct pollfd polls[MOST_OTHERS + OURS];
  for (int32_t i = 0; i < count; i++) polls[i] = ((struct pollfd *)others.data)[i];
  struct pollfd *ours = polls + count;
  int64_t now = now_us();
  const int64_t due = now + p->due_us;
  const int32_t first = p->place;
  bool is_full = false;
  int32_t last_input = 0;
  while (p->place <= p->full_at) {
    const bool is_held = p->start < p->end, is_moved = p->in_bytes > 0 || p->place > first || p->fresh > 0 || p->cleared > 0;
    if (is_moved && now >= due) break;
    if (p->fresh > 0 && p->judged == 0) {
      if (!looks_like(told)) break;
      p->judged += p->fresh;
      p->cleared += p->fresh;
      p->fresh = 0;
      is_full = false;
      if (!pass_judged(p)) break;
    }
    if (last_input >= BULK_BYTES) nap();
    ours[IN] = (struct pollfd){p->is_blocked ? p->in_to : p->in_from, p->is_blocked ? POLLOUT : POLLIN, 0};
    ours[SOURCE] = (struct pollfd){is_held || is_full ? -1 : p->out_from, POLLIN, 0};
    ours[SINK] = (struct pollfd){is_held || p->judged > 0 ? p->out_to : -1, POLLOUT, 0};
    const int64_t left_ms = is_moved ? (due - now + 999) / 1000 : p->wait_ms;
    const int ready = poll(polls, (nfds_t)count + OURS, (int)left_ms);
    if (ready <= 0) break;
    bool is_other = false;
    for (int32_t i = 0; i < count; i++) is_other |= polls[i].revents != 0;
    if (is_other) break;
    const int32_t before_input = p->in_bytes, before_output = p->fresh + p->place;
    bool is_well = ours[IN].revents == 0 || move_input(p);
    last_input = span.is_large ? p->in_bytes - before_input : 0;
    if (ours[SINK].revents != 0) {
      is_well &= p->judged > 0 ? pass_judged(p) : pass_copied(p, room);
      is_full = false;
    }
    now = now_us();
    if (ours[SOURCE].revents != 0) {
      if (p->judged > 0 || p->fresh > 0 || (span.is_large && unread(p->out_from) >= BULK_BYTES)) {
        is_well &= move_output(p, &is_full);
      } else {
        is_well &= copy_output(p, room);
        if (p->start < p->end && p->place <= p->full_at && now < due) is_well &= pass_copied(p, room);
      }
    }
    count_span(p->in_bytes - before_input, p->fresh + p->place - before_output, now);
    if (!is_well) break;
    if (span.is_large && !span.was_large) widen_all(p);
    span.was_large |= span.is_large;
  }
  return number(env, 0);
}

void export_passage(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"pass", pass}};
  EXPORT_ALL(entries);
}
