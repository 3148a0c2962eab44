/* Memory that node's release takes for looking for deadlocks among the mutexes of V8, which a recorder has no use for. */
#include "addon.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

/* absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle), whose 0 is kIgnore: abseil's synchronization/mutex.h. */
static const char set_mode_name[] = "_ZN4absl29SetMutexDeadlockDetectionModeENS_15OnDeadlockCycleE";

/* The head of a block of absl's LowLevelAlloc (base/internal/low_level_alloc.cc), in whose first words the table is told from all else. */
struct block {
  uintptr_t size, magic;
};
static const uintptr_t allocated = 0x4c833e95U;

/* absl's GraphCycles (synchronization/internal/graphcycles.cc) looks nodes up in 262139 numbers, -1 where there is none; some KiB beside. */
enum { page_size = 4096, table_size = 262139 * 4, most_beside = 64 * 1024, most_pages = 1024 };

/* Larger ones would be given back whole for a part without entries, with what lies behind the table. */
static bool has_small_pages(void) { return sysconf(_SC_PAGESIZE) == page_size; }

static bool is_unused(const unsigned char *page) {
  return page[0] == 0xff && memcmp(page, page + 1, page_size - 1) == 0;
}

/* In as few calls as there are runs of such pages. */
static int64_t give_back_unused(unsigned char *from, const unsigned char *end) {
  int64_t bytes = 0;
  for (unsigned char *page = from; page + page_size <= end;) {
    unsigned char *first = page;
    while (page + page_size <= end && is_unused(page)) page += page_size;
    if (page > first && madvise(first, (size_t)(page - first), MADV_DONTNEED) == 0) bytes += page - first;
    page += page_size;
  }
  return bytes;
}

static bool is_table(const unsigned char *page, const struct block *head, const unsigned char *end) {
  if (head->magic != (allocated ^ (uintptr_t)page) || head->size > (size_t)(end - page)) return false;
  return head->size > table_size && head->size <= table_size + most_beside;
}

/*
 * The kernel joins mappings that lie beside each other, so a block may begin at each page of one. By the kernel's hand: another thread may
 * have unmapped it since, and looked at directly that would end the recorder. But the table itself is never unmapped.
 */
static int64_t give_back_in(unsigned char *from, unsigned char *end) {
  unsigned char is_there[most_pages];
  struct iovec pages[most_pages];
  struct block heads[most_pages];
  size_t size = (size_t)(end - from), count = 0;
  if (size < table_size || size > sizeof is_there * page_size || mincore(from, size, is_there) != 0) return 0;
  for (size_t i = 0; i < size / page_size; i++) {
    /* A page that is only looked at would be made for that: threads have stacks of megabytes. */
    if ((is_there[i] & 1) != 0) pages[count++] = (struct iovec){from + i * page_size, sizeof(struct block)};
  }
  struct iovec here = {heads, sizeof heads};
  ssize_t length = process_vm_readv(getpid(), &here, 1, pages, count, 0);
  for (size_t i = 0; (ssize_t)((i + 1) * sizeof(struct block)) <= length; i++) {
    unsigned char *page = pages[i].iov_base;
    if (is_table(page, &heads[i], end)) return give_back_unused(page + page_size, page + heads[i].size);
  }
  return 0;
}

/*
 * freeLockTable(): no deadlocks are looked for from now on, and the table's pages without an entry are the kernel's again; how many bytes, 0
 * where this node has no such table. A thread that is just looking takes an empty place for the first node's, adds an edge that nobody reads,
 * and does not come back.
 */
static napi_value free_lock_table(napi_env env, napi_callback_info info) {
  (void)info;
  void (*set_mode)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, set_mode_name);
  if (set_mode == NULL || !has_small_pages()) return number(env, 0);
  set_mode(0);
  int64_t bytes = 0;
  FILE *maps = fopen("/proc/self/maps", "re");
  char *line = NULL;
  size_t size = 0;
  while (maps != NULL && bytes == 0 && getline(&line, &size, maps) != -1) {
    uintptr_t from, end;
    char mode[8], inode[24];
    if (sscanf(line, "%lx-%lx %7s %*s %*s %23s", &from, &end, mode, inode) != 4) continue;
    /* Neither a file's nor the heap's nor the stack's, which have names. */
    bool is_plain = strcmp(mode, "rw-p") == 0 && strcmp(inode, "0") == 0 && strpbrk(line, "/[") == NULL;
    if (is_plain) bytes = give_back_in((unsigned char *)from, (unsigned char *)end);
  }
  free(line);
  if (maps != NULL) fclose(maps);
  return number(env, bytes);
}

void export_lock_table(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"freeLockTable", free_lock_table}};
  EXPORT_ALL(entries);
}
