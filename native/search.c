/*
 * What SQLite does for the search index: lines_with(lines, text) gives those of the lines that have the text, or NULL. A block of lines is
 * looked at where it lies in the mapped file; on its way to JavaScript it is copied twice. SQLite loads the addon as its extension.
 */
#include "addon.h"

#include <stdlib.h>
#include <string.h>

/* Of SQLite, whose header we do without: sqlite3ext.h promises that its table of routines only ever grows at the end. */
typedef void (*routine)(void);
enum { RESULT_TEXT = 85, VALUE_BLOB = 102, VALUE_BYTES = 103, RESULT_ERROR_NOMEM = 137, CREATE_FUNCTION = 162 };
enum { UTF8 = 1, DETERMINISTIC = 0x800, DIRECT_ONLY = 0x80000 };
struct context;
struct value;
struct database;
typedef void (*call)(struct context *, int, struct value **);
typedef void (*result_text)(struct context *, const void *, int, void (*)(void *));
typedef void (*result_error)(struct context *);
typedef const uint8_t *(*value_blob)(struct value *);
typedef int (*value_bytes)(struct value *);
typedef int (*create_function)(struct database *, const char *, int, int, void *, call, call, void (*)(struct context *), void (*)(void *));

static const routine *sqlite;

/* As many bytes as every processor that we run on compares at once. */
typedef uint8_t lanes __attribute__((vector_size(16)));

static lanes lanes_at(const uint8_t *from) {
  lanes read;
  memcpy(&read, from, sizeof read);
  return read;
}

/* Where the text, which is not empty, begins first; NULL where it is not. memmem() goes byte by byte and takes twice the time. */
static const uint8_t *find(const uint8_t *from, const uint8_t *end, const uint8_t *text, size_t length) {
  const uint8_t first = text[0], last = text[length - 1];
  for (; (size_t)(end - from) >= length - 1 + sizeof(lanes); from += sizeof(lanes)) {
    const lanes both = (lanes)(lanes_at(from) == first) & (lanes)(lanes_at(from + length - 1) == last);
    uint64_t halves[2];
    memcpy(halves, &both, sizeof halves);
    if ((halves[0] | halves[1]) == 0) continue;
    for (size_t at = 0; at < sizeof(lanes); at++) {
      if (both[at] != 0 && memcmp(from + at, text, length) == 0) return from + at;
    }
  }
  return memmem(from, (size_t)(end - from), text, length);
}

static void lines_with(struct context *context, int count, struct value **values) {
  (void)count;
  const value_bytes length_of = (value_bytes)sqlite[VALUE_BYTES];
  const uint8_t *from = ((value_blob)sqlite[VALUE_BLOB])(values[0]), *text = ((value_blob)sqlite[VALUE_BLOB])(values[1]);
  const size_t length = (size_t)length_of(values[1]);
  if (length == 0) return;
  const uint8_t *end = from + length_of(values[0]), *found;
  uint8_t *kept = NULL;
  size_t kept_length = 0;
  while (from < end && (found = find(from, end, text, length)) != NULL) {
    const uint8_t *before = memrchr(from, '\n', (size_t)(found - from)), *last = memchr(found, '\n', (size_t)(end - found));
    const uint8_t *begin = before == NULL ? from : before + 1;
    const uint8_t *next = last == NULL ? end : last + 1;
    if (kept == NULL) kept = malloc((size_t)(end - begin));
    if (kept == NULL) {
      ((result_error)sqlite[RESULT_ERROR_NOMEM])(context);
      return;
    }
    memcpy(kept + kept_length, begin, (size_t)(next - begin));
    kept_length += (size_t)(next - begin);
    from = next;
  }
  if (kept != NULL) ((result_text)sqlite[RESULT_TEXT])(context, kept, (int)kept_length, free);
}

/* Called by SQLite when it loads the addon. */
__attribute__((visibility("default"))) int sqlite3_extension_init(struct database *database, char **error, const routine *routines);

int sqlite3_extension_init(struct database *database, char **error, const routine *routines) {
  (void)error;
  sqlite = routines;
  const create_function create = (create_function)sqlite[CREATE_FUNCTION];
  return create(database, "lines_with", 2, UTF8 | DETERMINISTIC | DIRECT_ONLY, NULL, lines_with, NULL, NULL, NULL);
}
