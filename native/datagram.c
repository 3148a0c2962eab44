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

/* sendDatagram(fd, path, bytes): to whoever listens there now, so that a restarted receiver is found again. */
static napi_value send_datagram(napi_env env, napi_callback_info info) {
  ARGUMENTS(3);
  struct sockaddr_un address;
  struct bytes bytes = bytes_of(env, args[2]);
  if (!address_of(bytes_of(env, args[1]), &address)) return number(env, -ENAMETOOLONG);
  return outcome(env, sendto(integer_of(env, args[0]), bytes.data, bytes.length, MSG_NOSIGNAL,
                             (struct sockaddr *)&address, sizeof address));
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
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {
      .msg_name = &address,
      .msg_namelen = sizeof address,
      .msg_control = &control,
      .msg_controllen = sizeof control.space,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &file, sizeof file);
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
