/* What passes untold, the content of a transfer, is carried here: JavaScript would do it 10 000 times a second. */
#include "addon.h"
#include "bulk.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define MOST_OTHERS 16
/* Most that one splice() may move. */
#define MOVE_BYTES (1 << 20)
/* From here on output is not copied. */
#define BULK_BYTES (1 << 16)
/* What the pipes of a large flow hold. Of output, which is looked after a pipeful at a time, the most that anybody may have (fs.pipe-max-size). */
#define INPUT_PIPE_BYTES (1 << 18)
#define OUTPUT_PIPE_BYTES (1 << 20)

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

static bool move_output(struct passage *p) {
  ssize_t count = splice(p->out_from, NULL, p->lock_write, NULL, MOVE_BYTES, SPLICE_F_NONBLOCK);
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

/* Where the user may have so much of it: fs.pipe-user-pages-soft bounds what all his pipes hold. */
static void widen(int fd, int bytes) {
  int held = fcntl(fd, F_GETPIPE_SZ);
  if (held >= 0 && held < bytes) (void)fcntl(fd, F_SETPIPE_SZ, bytes);
}

static void widen_all(const struct passage *p) {
  widen(p->in_from, INPUT_PIPE_BYTES);
  widen(p->in_to, INPUT_PIPE_BYTES);
  widen(p->out_from, OUTPUT_PIPE_BYTES);
  widen(p->lock_write, OUTPUT_PIPE_BYTES);
  widen(p->out_to, OUTPUT_PIPE_BYTES);
}

/* One call of pass(), which may be many turns. */
struct call {
  struct passage *p;
  struct bytes room, told;
  int64_t now, due;
  int32_t first_place, last_input;
};

static bool has_moved(const struct call *call) {
  const struct passage *p = call->p;
  return p->in_bytes > 0 || p->place > call->first_place || p->fresh > 0 || p->cleared > 0;
}

/* False where JavaScript has to judge what was moved. */
static bool clear_moved(struct passage *p, struct bytes told) {
  if (p->fresh == 0) return true;
  if (!looks_like(told)) return false;
  p->judged += p->fresh;
  p->cleared += p->fresh;
  p->fresh = 0;
  return pass_judged(p);
}

/* False where it is time to return. What was judged goes on before more is read. */
static bool wait_for_turn(const struct call *call, struct pollfd *polls, int32_t count) {
  const struct passage *p = call->p;
  struct pollfd *ours = polls + count;
  const bool is_waiting = p->start < p->end || p->judged > 0;
  ours[IN] = (struct pollfd){p->is_blocked ? p->in_to : p->in_from, p->is_blocked ? POLLOUT : POLLIN, 0};
  ours[SOURCE] = (struct pollfd){is_waiting ? -1 : p->out_from, POLLIN, 0};
  ours[SINK] = (struct pollfd){is_waiting ? p->out_to : -1, POLLOUT, 0};
  const int64_t left_ms = has_moved(call) ? (call->due - call->now + 999) / 1000 : p->wait_ms;
  if (poll(polls, (nfds_t)count + OURS, (int)left_ms) <= 0) return false;
  for (int32_t i = 0; i < count; i++)
    if (polls[i].revents != 0) return false;
  return true;
}

static bool read_output(const struct call *call) {
  struct passage *p = call->p;
  if (is_bulk() && unread(p->out_from) >= BULK_BYTES) return move_output(p);
  if (!copy_output(p, call->room)) return false;
  const bool is_due = p->place > p->full_at || call->now >= call->due;
  return p->start == p->end || is_due || pass_copied(p, call->room);
}

static bool take_turn(struct call *call, const struct pollfd *ours) {
  static bool is_wide = false;
  struct passage *p = call->p;
  const int32_t before_input = p->in_bytes, before_output = p->fresh + p->place;
  bool is_well = ours[IN].revents == 0 || move_input(p);
  call->last_input = p->in_bytes - before_input;
  if (ours[SINK].revents != 0) is_well &= p->judged > 0 ? pass_judged(p) : pass_copied(p, call->room);
  call->now = now_us();
  if (ours[SOURCE].revents != 0) is_well &= read_output(call);
  if (count_bulk(call->last_input, p->fresh + p->place - before_output, call->now) && !is_wide) {
    widen_all(p);
    is_wide = true;
  }
  return is_well;
}

/*
 * pass(others: as of poll(), count, passage: Int32Array, room, told): carries input and output until another descriptor is ready, `wait_ms` have gone
 * without a byte, bytes have come and `due_us` have gone, the room is full, what was moved is to be judged, or something is the matter. What is
 * copied when it is due, or fills the room, is not passed on.
 */
static napi_value pass(napi_env env, napi_callback_info info) {
  ARGUMENTS(5);
  struct bytes others = bytes_of(env, args[0]), state = bytes_of(env, args[2]);
  struct call call = {.p = (struct passage *)state.data, .room = bytes_of(env, args[3]), .told = bytes_of(env, args[4]), .now = now_us()};
  int32_t count = integer_of(env, args[1]);
  if (count < 0 || count > MOST_OTHERS || (size_t)count * sizeof(struct pollfd) > others.length) return number(env, -EINVAL);
  if (state.length < sizeof *call.p || !is_whole(call.p, call.room)) return number(env, -EINVAL);
  struct pollfd polls[MOST_OTHERS + OURS];
  for (int32_t i = 0; i < count; i++) polls[i] = ((struct pollfd *)others.data)[i];
  call.due = call.now + call.p->due_us;
  call.first_place = call.p->place;
  while (call.p->place <= call.p->full_at && !(has_moved(&call) && call.now >= call.due)) {
    if (!clear_moved(call.p, call.told)) break;
    if (is_bulk() && call.last_input >= BULK_BYTES) nap();
    if (!wait_for_turn(&call, polls, count) || !take_turn(&call, polls + count)) break;
  }
  return number(env, 0);
}

void export_passage(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"pass", pass}};
  EXPORT_ALL(entries);
}
