/* A datagram that waits until its receiver takes one more: in a thread, as Node cannot wait for that, and the session goes on. */
#include "datagram.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The receiver may be another by then. */
#define LONGEST_WAIT_MS 1000
/* Where nothing tells, or it is memory that there is none of. */
#define PAUSE_MS 10
#define STACK_BYTES (1 << 16)

struct delivery {
  int fd; /* of its own: the caller may close his */
  struct datagram datagram;
  int64_t result;
  napi_threadsafe_function told;
};

static void end_delivery(struct delivery *delivery) {
  if (delivery->fd >= 0) close(delivery->fd);
  close_datagram(&delivery->datagram);
  free(delivery->datagram.bytes.data);
  free(delivery);
}

/*
 * For a place in the receiver's queue as for room in ours: poll() tells of the first only where the socket is connected. Whoever polls is woken
 * by each datagram that is taken, whoever blocks in sendmsg() by one of as many as block there: of a journald kept busy by 20 senders that
 * block, this one waits 0.1 s, one more that blocks 2 s, and one that tries each 50 ms 10 to 30 s.
 */
static void wait_for_room(const struct delivery *delivery) {
  struct pollfd ours = {delivery->fd, POLLOUT, 0};
  const struct sockaddr_un *address = &delivery->datagram.address;
  const bool is_told = delivery->result == -EAGAIN && connect(delivery->fd, (const struct sockaddr *)address, sizeof *address) == 0;
  (void)poll(&ours, is_told, is_told ? LONGEST_WAIT_MS : PAUSE_MS);
}

static void *deliver_in_thread(void *data) {
  struct delivery *delivery = data;
  for (;;) {
    delivery->result = send_datagram(delivery->fd, &delivery->datagram);
    if (delivery->result != -EAGAIN && delivery->result != -ENOBUFS) break;
    wait_for_room(delivery);
  }
  napi_threadsafe_function told = delivery->told;
  /* Where Node is ending nobody hears of it, and it may not be touched any more. */
  if (napi_call_threadsafe_function(told, delivery, napi_tsfn_blocking) == napi_ok) napi_release_threadsafe_function(told, napi_tsfn_release);
  return NULL;
}

/* In JavaScript's thread; without `env` Node is ending. */
static void tell(napi_env env, napi_value callback, void *context, void *data) {
  (void)context;
  struct delivery *delivery = data;
  napi_value undefined, result;
  if (env != NULL) {
    result = number(env, delivery->result);
    napi_get_undefined(env, &undefined);
    napi_call_function(env, undefined, callback, 1, &result, NULL);
  }
  end_delivery(delivery);
}

static int start_thread(struct delivery *delivery) {
  pthread_t thread;
  pthread_attr_t attributes;
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  /* Signals are the main thread's. */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int reason = pthread_create(&thread, &attributes, deliver_in_thread, delivery);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return reason;
}

/* No data where there is no memory for it. */
static struct bytes copy_of(struct bytes bytes) {
  struct bytes copy = {malloc(bytes.length + 1), bytes.length};
  if (copy.data != NULL) memcpy(copy.data, bytes.data, bytes.length);
  return copy;
}

/* Its reason, where it cannot be begun. */
static int begin(napi_env env, struct delivery *delivery, napi_value callback) {
  napi_value name;
  if (delivery->fd < 0) return errno;
  if (delivery->datagram.bytes.data == NULL) return ENOMEM;
  napi_create_string_utf8(env, "delivery", NAPI_AUTO_LENGTH, &name);
  if (napi_create_threadsafe_function(env, callback, NULL, name, 1, 1, NULL, NULL, NULL, tell, &delivery->told) != napi_ok) return EINVAL;
  int reason = start_thread(delivery);
  if (reason != 0) napi_release_threadsafe_function(delivery->told, napi_tsfn_abort);
  return reason;
}

/*
 * deliver(fd, path, bytes, mayBeSealed, callback): as sendDatagram(), as soon as the receiver has a place for it; calls back with what
 * sendDatagram() would give. `bytes` is copied. -errno where no thread is to be had, and nothing is called then.
 */
static napi_value deliver(napi_env env, napi_callback_info info) {
  ARGUMENTS(5);
  struct delivery *delivery = calloc(1, sizeof *delivery);
  if (delivery == NULL) return number(env, -ENOMEM);
  const bool is_addressed = is_datagram(&delivery->datagram, bytes_of(env, args[1]), copy_of(bytes_of(env, args[2])), integer_of(env, args[3]) == 1);
  delivery->fd = fcntl(integer_of(env, args[0]), F_DUPFD_CLOEXEC, 0);
  int reason = is_addressed ? begin(env, delivery, args[4]) : ENAMETOOLONG;
  if (reason != 0) end_delivery(delivery);
  return number(env, -reason);
}

void export_delivery(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"deliver", deliver}};
  EXPORT_ALL(entries);
}
