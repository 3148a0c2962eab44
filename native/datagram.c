/* Unix datagrams: how journald and syslog take messages. Node has none. */
#include "datagram.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
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

bool is_datagram(struct datagram *datagram, struct bytes path, struct bytes bytes, bool may_be_sealed) {
  struct sockaddr_un *address = &datagram->address;
  *datagram = (struct datagram){.address.sun_family = AF_UNIX, .bytes = bytes, .may_be_sealed = may_be_sealed, .file = -1};
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

static ssize_t send_bytes(int fd, struct datagram *datagram) {
  struct iovec part = {.iov_base = datagram->bytes.data, .iov_len = datagram->bytes.length};
  struct msghdr message = {
      .msg_name = &datagram->address,
      .msg_namelen = sizeof datagram->address,
      .msg_iov = &part,
      .msg_iovlen = 1,
  };
  union control control = {0};
  add_group(&message, &control);
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}

static bool fill(int file, struct bytes bytes) {
  for (size_t at = 0; at < bytes.length;) {
    ssize_t written = write(file, bytes.data + at, bytes.length - at);
    if (written < 0) return false;
    at += (size_t)written;
  }
  return fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}

static int sealed_file(struct bytes bytes) {
  int file = memfd_create("rec-message", MFD_ALLOW_SEALING | MFD_CLOEXEC);
  if (file < 0 || fill(file, bytes)) return file;
  int reason = errno;
  close(file);
  errno = reason;
  return -1;
}

static ssize_t send_file(int fd, struct datagram *datagram) {
  if (datagram->file < 0) datagram->file = sealed_file(datagram->bytes);
  if (datagram->file < 0) return -1;
  struct msghdr message = {.msg_name = &datagram->address, .msg_namelen = sizeof datagram->address};
  union control control = {0};
  add_group(&message, &control);
  memcpy(append_control(&message, &control, SCM_RIGHTS, sizeof(int)), &datagram->file, sizeof(int));
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}

int64_t send_datagram(int fd, struct datagram *datagram) {
  ssize_t sent = datagram->file < 0 ? send_bytes(fd, datagram) : send_file(fd, datagram);
  bool is_too_large = sent < 0 && datagram->file < 0 && (errno == EMSGSIZE || errno == ENOBUFS);
  if (is_too_large && datagram->may_be_sealed) sent = send_file(fd, datagram);
  return sent < 0 ? -errno : 0;
}

void close_datagram(struct datagram *datagram) {
  if (datagram->file >= 0) close(datagram->file);
}

/*
 * sendDatagram(fd, path, bytes, mayBeSealed: 0 or 1): to whoever listens there now, so that a restarted receiver is found again. What is
 * larger than a datagram may be goes by a sealed memory file, as journald takes it, if it may.
 */
static napi_value send_now(napi_env env, napi_callback_info info) {
  ARGUMENTS(4);
  struct datagram datagram;
  if (!is_datagram(&datagram, bytes_of(env, args[1]), bytes_of(env, args[2]), integer_of(env, args[3]) == 1)) return number(env, -ENAMETOOLONG);
  int64_t result = send_datagram(integer_of(env, args[0]), &datagram);
  close_datagram(&datagram);
  return number(env, result);
}

void export_datagram(napi_env env, napi_value exports) {
  static const export_entry entries[] = {
      {"datagramSocket", datagram_socket},
      {"sendDatagram", send_now},
  };
  EXPORT_ALL(entries);
}
