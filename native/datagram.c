/* Unix datagrams: how journald and syslog take messages. Node has none. */
#include "addon.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

/* A kernel's default (net.core.wmem_max is 208 KiB) is the bound without privilege; what is larger goes by memory file. */
enum { SEND_BUFFER = 4 << 20 };

/* datagramSocket(): a nonblocking socket for datagrams. */
static napi_value datagram_socket(napi_env env, napi_callback_info info) {
  (void)info;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int size = SEND_BUFFER;
  if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0)
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  return outcome(env, fd);
}

static bool address_of(struct bytes path, struct sockaddr_un *address) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (path.data == NULL || path.length >= sizeof address->sun_path) return false;
  memcpy(address->sun_path, path.data, path.length);
  return true;
}

/* Room for both kinds of control messages that go with a datagram. */
union control {
  struct cmsghdr header;
  char space[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))];
};

static void *append_control(struct msghdr *message, union control *control, int type, size_t length) {
  struct cmsghdr *header = (struct cmsghdr *)(control->space + message->msg_controllen);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = type;
  header->cmsg_len = CMSG_LEN(length);
  message->msg_control = control;
  message->msg_controllen += CMSG_SPACE(length);
  return CMSG_DATA(header);
}

/* The kernel tells the receiver our real group, the user's. An installed recorder names the one that no process of his has. */
static void add_group(struct msghdr *message, union control *control) {
  if (getegid() == getgid()) return;
  struct ucred sender = {.pid = getpid(), .uid = getuid(), .gid = getegid()};
  memcpy(append_control(message, control, SCM_CREDENTIALS, sizeof sender), &sender, sizeof sender);
}

/* sendDatagram(fd, path, bytes): to whoever listens there now, so that a restarted receiver is found again. */
static napi_value send_datagram(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  struct sockaddr_un address;
  struct bytes bytes = bytes_of(env, args[2]);
  if (!address_of(bytes_of(env, args[1]), &address)) return number(env, -ENAMETOOLONG);
  struct iovec part = {.iov_base = (void *)bytes.data, .iov_len = bytes.length};
  struct msghdr message = {
      .msg_name = &address,
      .msg_namelen = sizeof address,
      .msg_iov = &part,
      .msg_iovlen = 1,
  };
  union control control = {0};
  add_group(&message, &control);
  return outcome(env, sendmsg(integer_of(env, args[0]), &message, MSG_NOSIGNAL));
}

static bool fill(int file, struct bytes bytes) {
  for (size_t at = 0; at < bytes.length;) {
    ssize_t written = write(file, bytes.data + at, bytes.length - at);
    if (written < 0) return false;
    at += (size_t)written;
  }
  return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

/* sendSealed(fd, path, bytes): as sendDatagram, by a sealed memory file: journald's way for what no datagram holds. */
static napi_value send_sealed(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  struct sockaddr_un address;
  if (!address_of(bytes_of(env, args[1]), &address)) return number(env, -ENAMETOOLONG);
  int file = memfd_create("rec-message", MFD_ALLOW_SEALING | MFD_CLOEXEC);
  if (file < 0) return number(env, -errno);
  struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address};
  union control control = {0};
  add_group(&message, &control);
  memcpy(append_control(&message, &control, SCM_RIGHTS, sizeof file), &file, sizeof file);
  int64_t result = -1;
  if (fill(file, bytes_of(env, args[2]))) result = sendmsg(integer_of(env, args[0]), &message, MSG_NOSIGNAL);
  int reason = errno;
  close(file);
  return number(env, result == -1 ? -reason : 0);
}

void export_datagram(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"datagramSocket", datagram_socket},
      {"sendDatagram", send_datagram},
      {"sendSealed", send_sealed},
  };
  EXPORT_ALL(entries);
}
