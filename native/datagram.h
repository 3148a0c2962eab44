/* A Unix datagram: bytes, or a sealed memory file that holds them. */
#ifndef REC_DATAGRAM_H
#define REC_DATAGRAM_H

#include "addon.h"

#include <sys/socket.h>
#include <sys/un.h>

struct datagram {
  struct sockaddr_un address; /* of the receiver */
  struct bytes bytes;
  bool may_be_sealed;
  int file; /* once it is needed, else -1 */
};

/* False where the path is longer than an address may be. */
bool is_datagram(struct datagram *datagram, struct bytes path, struct bytes bytes, bool may_be_sealed);
/* 0, or -errno. */
int64_t send_datagram(int fd, struct datagram *datagram);
void close_datagram(struct datagram *datagram);

#endif
