/* Terminals: the pseudo-terminal of the recorded program, and the modes and size of the user's own. */
#include "addon.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* What restore_terminal() puts back, and where; -1 while no terminal is raw. */
static volatile int raw_fd = -1;
static struct termios cooked;

/* openPty(ends: Int32Array(2)): the master, nonblocking, and the slave; both CLOEXEC, the slave no controlling terminal. */
static napi_value open_pty(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  struct bytes ends = bytes_of(env, args[0]);
  if (ends.length < 2 * sizeof(int32_t)) return number(env, -EINVAL);
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return number(env, -errno);
  int slave = -1;
  if (grantpt(master) == 0 && unlockpt(master) == 0 && fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) == 0) {
    /* By the master, not by name: /dev/pts may be another mount than the master's. */
    slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  if (slave < 0) {
    int reason = errno;
    close(master);
    return number(env, -reason);
  }
  ((int32_t *)ends.data)[0] = master;
  ((int32_t *)ends.data)[1] = slave;
  return number(env, 0);
}

/* isTerminal(fd): 1 or 0. */
static napi_value is_terminal(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  return number(env, isatty(integer_of(env, args[0])) == 1);
}

/* terminalName(fd, name: Uint8Array): length of the path written there. */
static napi_value terminal_name(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct bytes name = bytes_of(env, args[1]);
  int reason = ttyname_r(integer_of(env, args[0]), (char *)name.data, name.length);
  return number(env, reason == 0 ? (int64_t)strlen((char *)name.data) : -reason);
}

static bool is_device(int fd, dev_t device) {
  unsigned int number_of = 0;
  struct stat status;
  if (ioctl(fd, TIOCGDEV, &number_of) == 0) return number_of == (unsigned int)device;
  return fstat(fd, &status) == 0 && status.st_rdev == device;
}

/*
 * reopenTerminal(fd): the same terminal under a descriptor of our own, nonblocking. O_NONBLOCK on the inherited one would
 * reach every process that shares it. /dev/tty serves where the device is another user's, as after su.
 */
static napi_value reopen_terminal(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int fd = integer_of(env, args[0]);
  struct stat status;
  if (fstat(fd, &status) != 0) return number(env, -errno);
  char name[256];
  const char *paths[2] = {ttyname_r(fd, name, sizeof name) == 0 ? name : NULL, "/dev/tty"};
  int reason = ENOTTY;
  for (size_t i = 0; i < 2; i++) {
    if (paths[i] == NULL) continue;
    int own = open(paths[i], O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (own >= 0 && is_device(own, status.st_rdev)) return number(env, own);
    reason = own >= 0 ? ENOTTY : errno;
    if (own >= 0) close(own);
  }
  return number(env, -reason);
}

/* copyModes(from, to): the modes of one terminal for another. */
static napi_value copy_modes(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct termios modes;
  if (tcgetattr(integer_of(env, args[0]), &modes) != 0) return number(env, -errno);
  return outcome(env, tcsetattr(integer_of(env, args[1]), TCSANOW, &modes));
}

/* enterRaw(fd): remembers the modes of the user's terminal and makes it pass every byte as it is. Typed-ahead input stays. */
static napi_value enter_raw(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  int fd = integer_of(env, args[0]);
  struct termios raw;
  if (tcgetattr(fd, &raw) != 0) return number(env, -errno);
  if (raw_fd == -1) cooked = raw;
  cfmakeraw(&raw);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw_fd = fd;
  return outcome(env, tcsetattr(fd, TCSANOW, &raw));
}

void restore_terminal(void) {
  if (raw_fd == -1) return;
  /* A background process that sets modes is stopped by SIGTTOU, unless that is blocked. */
  sigset_t ttou, before;
  sigemptyset(&ttou);
  sigaddset(&ttou, SIGTTOU);
  sigprocmask(SIG_BLOCK, &ttou, &before);
  /* At once: waiting for the output to drain would hang on a terminal that stopped reading. */
  tcsetattr(raw_fd, TCSANOW, &cooked);
  sigprocmask(SIG_SETMASK, &before, NULL);
  raw_fd = -1;
}

/* leaveRaw() */
static napi_value leave_raw(napi_env env, napi_callback_info info) {
  (void)info;
  restore_terminal();
  return number(env, 0);
}

/* windowSize(fd, size: Int32Array(2)): columns, rows. */
static napi_value window_size(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct bytes size = bytes_of(env, args[1]);
  struct winsize window;
  if (size.length < 2 * sizeof(int32_t)) return number(env, -EINVAL);
  if (ioctl(integer_of(env, args[0]), TIOCGWINSZ, &window) != 0) return number(env, -errno);
  ((int32_t *)size.data)[0] = window.ws_col;
  ((int32_t *)size.data)[1] = window.ws_row;
  return number(env, 0);
}

/* copyWindowSize(from, to): also the size in pixels; the kernel sends SIGWINCH to the program when it changed. */
static napi_value copy_window_size(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  struct winsize window;
  if (ioctl(integer_of(env, args[0]), TIOCGWINSZ, &window) != 0) return number(env, -errno);
  return outcome(env, ioctl(integer_of(env, args[1]), TIOCSWINSZ, &window));
}

/* foregroundGroup(master): the process group that the terminal's keys go to. */
static napi_value foreground_group(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  return outcome(env, tcgetpgrp(integer_of(env, args[0])));
}

/*
 * setExclusive(fd, on): while on, no other process but root's can open the terminal by its name and write past the recorder.
 * A recorder that is killed leaves it on, so it is for terminals that end with it.
 */
static napi_value set_exclusive(napi_env env, napi_callback_info info) {
  ARGUMENTS(2);
  return outcome(env, ioctl(integer_of(env, args[0]), integer_of(env, args[1]) == 1 ? TIOCEXCL : TIOCNXCL));
}

/* isForeground(fd): 0 when the terminal belongs to another job of ours, which may neither read it nor set its modes. */
static napi_value is_foreground(napi_env env, napi_callback_info info) {
  ARGUMENTS(1);
  pid_t group = tcgetpgrp(integer_of(env, args[0]));
  return number(env, group == -1 || group == getpgrp());
}

void export_pty(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"openPty", open_pty},
      {"isTerminal", is_terminal},
      {"terminalName", terminal_name},
      {"reopenTerminal", reopen_terminal},
      {"copyModes", copy_modes},
      {"enterRaw", enter_raw},
      {"leaveRaw", leave_raw},
      {"windowSize", window_size},
      {"copyWindowSize", copy_window_size},
      {"foregroundGroup", foreground_group},
      {"isForeground", is_foreground},
      {"setExclusive", set_exclusive},
  };
  EXPORT_ALL(entries);
}
