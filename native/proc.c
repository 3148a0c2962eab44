#include "proc.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char changed[] = " (changed)";

/* Of an entry of /proc/PID/pagemap, Documentation/admin-guide/mm/pagemap.rst: what is neither a file's page nor shared is the process's own. */
#define PAGE_IS_FILES (UINT64_C(1) << 61)
#define PAGE_IS_SWAPPED (UINT64_C(1) << 62)
#define PAGE_IS_PRESENT (UINT64_C(1) << 63)
/* Read at once. */
#define PAGES 1024
/* Most code that a process may have, 256 MiB in pages of 4 KiB: it may reserve 128 TiB, which took a minute to look at. More counts as written over. */
#define MOST_PAGES (1 << 16)

ssize_t read_again(int fd, char *text, size_t size) {
  size_t length = 0;
  ssize_t count = 1;
  while (count > 0 && length < size - 1) {
    count = pread(fd, text + length, size - 1 - length, (off_t)length);
    if (count > 0) length += (size_t)count;
  }
  text[length] = '\0';
  return count == 0 ? (ssize_t)length : -1;
}

ssize_t read_text(int folder, const char *name, char *text, size_t size) {
  int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t length = read_again(fd, text, size);
  close(fd);
  return length;
}

/* What cannot be told counts as the process's own. */
static bool has_own_pages(int pagemap, uint64_t from, uint64_t to) {
  uint64_t entries[PAGES];
  for (uint64_t at = from; at < to;) {
    size_t wanted = to - at < PAGES ? (size_t)(to - at) : PAGES;
    ssize_t count = pread(pagemap, entries, wanted * sizeof *entries, (off_t)(at * sizeof *entries));
    if (count < (ssize_t)sizeof *entries) return true;
    for (size_t i = 0; i < (size_t)count / sizeof *entries; i++)
      if ((entries[i] & (PAGE_IS_PRESENT | PAGE_IS_SWAPPED)) != 0 && (entries[i] & PAGE_IS_FILES) == 0) return true;
    at += (uint64_t)count / sizeof *entries;
  }
  return false;
}

/* Of a line of /proc/PID/maps; `left`: of the pages that may be looked at. The upper half of all addresses is the kernel's, which nobody writes to ([vsyscall]). */
static bool is_changed_code(int pagemap, const char *line, uint64_t *left) {
  char *rest;
  const uint64_t from = strtoull(line, &rest, 16), to = *rest == '-' ? strtoull(rest + 1, &rest, 16) : 0;
  const bool is_code = strnlen(rest, 4) == 4 && rest[3] == 'x';
  if (!is_code || from >> 63 != 0) return false;
  const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE), pages = (to - from) / page;
  if (pages > *left) return true;
  *left -= pages;
  return has_own_pages(pagemap, from / page, to / page);
}

/* Where the first line of code that was written over ends; or the text, where there is none. */
static size_t find_changed(int pagemap, const char *text, size_t length) {
  uint64_t left = MOST_PAGES;
  for (size_t at = 0; at < length;) {
    const size_t end = at + strcspn(text + at, "\n");
    if (is_changed_code(pagemap, text + at, &left)) return end;
    at = end + 1;
  }
  return length;
}

static ssize_t mark(char *text, size_t length, size_t end, size_t size) {
  const size_t more = sizeof changed - 1;
  if (size - length <= more) return -1;
  memmove(text + end + more, text + end, length - end + 1);
  memcpy(text + end, changed, more);
  return (ssize_t)(length + more);
}

ssize_t read_maps(int folder, char *text, size_t size) {
  /*
   * Opened before the lines are read: after an execve() between the two there is nothing in it any more, and all code counts as changed. Where
   * another process shares the memory before, its pages are told still, with the lines of the new program: as of a look a moment ago.
   */
  int pagemap = openat(folder, "pagemap", O_RDONLY | O_CLOEXEC);
  if (pagemap < 0) return -1;
  ssize_t length = read_text(folder, "maps", text, size);
  if (length > 0) {
    size_t end = find_changed(pagemap, text, (size_t)length);
    if (end < (size_t)length) length = mark(text, (size_t)length, end, size);
  }
  close(pagemap);
  return length;
}
