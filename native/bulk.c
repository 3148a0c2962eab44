#include "bulk.h"

#include <sched.h>
#include <time.h>

/* A flow of which so much came in a span, 64 MB/s, is much: only that one waits for more. */
#define SPAN_US 8000
#define SPAN_BYTES_US 64
#define NAP_NS 500000

/* How much came since then, and how much of it is output. */
static struct {
  int64_t since_us;
  int32_t bytes, output;
  bool is_bulk;
} span;

/*
 * Where output is much, a write that wakes us does not take the processor from who writes (SCHED_BATCH, sched(7)): he comes to the end of his
 * message, and all of it is moved at once. Of much input nap() sees to that. A policy that another gave us is left alone.
 */
static void be_batch(bool is_batch) {
  static bool is_ours = false;
  const struct sched_param none = {0};
  if (is_batch == is_ours || (is_batch && sched_getscheduler(0) != SCHED_OTHER)) return;
  if (sched_setscheduler(0, is_batch ? SCHED_BATCH : SCHED_OTHER, &none) == 0) is_ours = is_batch;
}

bool is_bulk(void) { return span.is_bulk; }

bool count_bulk(int32_t input, int32_t output, int64_t now_us) {
  span.bytes += input + output;
  span.output += output;
  if (now_us - span.since_us < SPAN_US) return span.is_bulk;
  span.is_bulk = span.bytes / SPAN_BYTES_US >= now_us - span.since_us;
  if (span.is_bulk) be_batch(span.output > span.bytes / 2);
  span.since_us = now_us;
  span.bytes = span.output = 0;
  return span.is_bulk;
}

void nap(void) {
  struct timespec pause = {0, NAP_NS};
  nanosleep(&pause, NULL);
}
