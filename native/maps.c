#include "maps.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char changed[] = " (changed)";

/* In pages of its own or in swap is what was written to a mapped file since. */
static bool is_own_memory(const char *line) {
  unsigned long kilobytes;
  return (sscanf(line, "Anonymous: %lu", &kilobytes) == 1 || sscanf(line, "Swap: %lu", &kilobytes) == 1) && kilobytes > 0;
}

static size_t append(char *text, size_t length, const char *piece, size_t piece_length) {
  memmove(text + length, piece, piece_length);
  return length + piece_length;
}

/* Written behind what is read: the fields of a mapping are longer than what is put after its line. */
size_t maps_of(char *smaps) {
  size_t length = 0;
  bool is_code = false, is_changed = false;
  char *rest = smaps;
  for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
    /* Addresses are in small letters, names of fields begin with a capital. */
    bool is_mapping = strchr("0123456789abcdef", *line) != NULL;
    if (!is_mapping && is_code && is_own_memory(line)) is_changed = true;
    if (!is_mapping) continue;
    const char *permissions = strchr(line, ' ');
    bool is_next_code = permissions != NULL && strlen(permissions) > 3 && permissions[3] == 'x';
    size_t line_length = strlen(line);
    if (is_changed) length = append(smaps, length, changed, sizeof changed - 1);
    if (length > 0) length = append(smaps, length, "\n", 1);
    length = append(smaps, length, line, line_length);
    is_code = is_next_code;
    is_changed = false;
  }
  if (is_changed) length = append(smaps, length, changed, sizeof changed - 1);
  length = append(smaps, length, "\n", 1);
  smaps[length] = '\0';
  return length;
}
