/* Signals: they arrive as bytes in a pipe, since JavaScript handlers never run while the relay waits in poll(). */
#include "addon.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int pipe_ends[2] = {-1, -1};

/* Two bytes a signal: its number, and 1 when the kernel sent it (a key, a hang-up), 0 when a process did. */
static void pass_on(int number_of, siginfo_t *origin, void *context) {
  (void)context;
  int reason = errno;
  char event[2] = {(char)number_of, origin->si_code > 0};
  /* A full pipe holds thousands of signals already; one more tells nothing new. */
  ssize_t written = write(pipe_ends[1], event, sizeof event);
  (void)written;
  errno = reason;
}

static void crash(int number_of) {
  restore_terminal();
  signal(number_of, SIG_DFL);
  raise(number_of);
}

/* A stack that overflowed holds no handler: without one of its own the kernel ends us with the terminal raw. Unused, it is no memory. */
static void give_crash_a_stack(void) {
  /* sigaltstack(2), MINSIGSTKSZ: what the kernel puts there grows with the processor's registers, to some 12 KiB. */
  static char pages[64 << 10] __attribute__((aligned(16)));
  stack_t stack = {.ss_sp = pages, .ss_size = sizeof pages};
  stack_t others;
  if (sigaltstack(NULL, &others) == 0 && (others.ss_flags & SS_DISABLE) != 0) sigaltstack(&stack, NULL);
}

static bool is_crash(int number_of) {
  return number_of == SIGSEGV || number_of == SIGBUS || number_of == SIGILL || number_of == SIGFPE || number_of == SIGABRT ||
         number_of == SIGTRAP || number_of == SIGSYS;
}

static bool is_left_alone(int number_of) {
  return number_of == SIGKILL || number_of == SIGSTOP || number_of == SIGPIPE || number_of == SIGURG || number_of == SIGTTIN ||
         number_of == SIGTTOU || number_of == SIGXFSZ || number_of == 32 || number_of == 33; /* 32, 33: the C library's own */
}

/*
 * watchSignals(ignored: BigUint64Array(1)): the descriptor to read events from. Every signal that would end or stop the
 * recorder is watched, but those that its parent had ignored (bit n-1 for signal n) stay ignored, as under nohup.
 */
static napi_value watch_signals(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  struct bytes view = bytes_of(env, args[0]);
  uint64_t ignored = 0;
  if (view.length < sizeof ignored) return number(env, -EINVAL);
  memcpy(&ignored, view.data, sizeof ignored);
  if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0) return number(env, -errno);
  give_crash_a_stack();
  for (int n = 1; n < NSIG; n++) {
    if (is_left_alone(n)) continue;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    if (is_crash(n)) {
      action.sa_handler = crash;
      action.sa_flags = SA_ONSTACK;
    } else if ((ignored >> (n - 1) & 1) != 0 && n != SIGCHLD) {
      action.sa_handler = SIG_IGN;
    } else {
      action.sa_sigaction = pass_on;
      action.sa_flags = SA_SIGINFO;
    }
    sigaction(n, &action, NULL);
  }
  /* Node keeps SIGUSR1 blocked under --disable-sigusr1; it would end us as any program. */
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  return number(env, pipe_ends[0]);
}

/* endBy(signal): the terminal restored, the process ends by that signal; does not return. */
static napi_value end_by(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int number_of = integer_of(env, args[0]);
  restore_terminal();
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number_of);
  signal(number_of, SIG_DFL);
  sigprocmask(SIG_UNBLOCK, &only, NULL);
  kill(getpid(), number_of);
  _exit(128 + number_of);
}

/* stopSelf(): as ^Z would; returns when continued. The terminal has to be left and entered by the caller. */
static napi_value stop_self(napi_env env, napi_callback_info info) {
  (void)info;
  return outcome(env, raise(SIGSTOP));
}

/* sendSignal(pid or -group, signal) */
static napi_value send_signal(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  return outcome(env, kill(integer_of(env, args[0]), integer_of(env, args[1])));
}

void export_signals(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"watchSignals", watch_signals},
      {"endBy", end_by},
      {"stopSelf", stop_self},
      {"sendSignal", send_signal},
  };
  EXPORT_ALL(entries);
}
