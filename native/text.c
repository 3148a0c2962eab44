/*
 * Text into a message: whole UTF-8 characters, escaped for JSON, as long as they fit. The twin of src/format/copy-text.ts,
 * whose contract it keeps and with which a property test compares it; it takes a quarter of the time.
 */
#include "addon.h"

#include <string.h>

/* Bytes that an ASCII byte takes in a JSON string: 1 as it is, 2 short form, 6 \u00xx. */
static int escaped_bytes(uint8_t byte) {
  if (byte == '"' || byte == '\\' || byte == '\b' || byte == '\f' || byte == '\n' || byte == '\r' || byte == '\t') return 2;
  return byte < 0x20 || byte == 0x7f ? 6 : 1;
}

static uint8_t *put_escaped(uint8_t *to, uint8_t byte, int size) {
  static const char digits[] = "0123456789abcdef";
  *to++ = '\\';
  if (size == 2) {
    const char *letters = "b\bf\fn\nr\rt\t";
    const char *found = byte == '"' || byte == '\\' ? NULL : letters;
    while (found != NULL && (uint8_t)found[1] != byte) found += 2;
    *to++ = found == NULL ? byte : (uint8_t)*found;
    return to;
  }
  memcpy(to, "u00", 3);
  to[3] = (uint8_t)digits[byte >> 4];
  to[4] = (uint8_t)digits[byte & 15];
  return to + 5;
}

/* True when one of the eight bytes is not plain: above 0x7e, below 0x20, a quote or a backslash. */
static bool has_special_byte(uint64_t word) {
  const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
  uint64_t quote = (word ^ ones * '"') - ones, backslash = (word ^ ones * '\\') - ones;
  return ((word | (word + ones) | (word - ones * 0x20) | quote | backslash) & tops) != 0;
}

/* How many bytes up to `end` are plain; they are copied. */
static size_t copy_plain(uint8_t *to, const uint8_t *from, size_t length) {
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= length; at += sizeof(uint64_t)) {
    uint64_t word;
    memcpy(&word, from + at, sizeof word);
    if (has_special_byte(word)) break;
    memcpy(to + at, &word, sizeof word);
  }
  for (; at < length && from[at] < 0x80 && escaped_bytes(from[at]) == 1; at++) to[at] = from[at];
  return at;
}

/* Length of the character at `from`; 0 where there is none, or the bytes end inside. Unicode table 3-7. */
static size_t character_at(const uint8_t *from, const uint8_t *end) {
  uint8_t first = from[0];
  size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length < 2) return length;
  if ((size_t)(end - from) < length) return 0;
  uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (from[1] < low || from[1] > high) return 0;
  for (size_t i = 2; i < length; i++)
    if ((from[i] & 0xc0) != 0x80) return 0;
  return length;
}

struct budget {
  int32_t to;        /* place in the text */
  int32_t left;      /* bytes that may still be taken */
  int32_t room;      /* characters until their count takes one digit more */
  int32_t widens_at; /* that count */
};

static const uint8_t *copy(const uint8_t *at, const uint8_t *end, uint8_t *txt, struct budget *budget) {
  uint8_t *to = txt + budget->to;
  int32_t left = budget->left, room = budget->room;
  while (at < end) {
    int32_t most = left < room ? left : room;
    size_t plain = copy_plain(to, at, (size_t)(end - at) < (size_t)most ? (size_t)(end - at) : (size_t)most);
    at += plain;
    to += plain;
    left -= (int32_t)plain;
    room -= (int32_t)plain;
    if (at == end) break;
    size_t length = character_at(at, end);
    int32_t size = length == 1 ? escaped_bytes(*at) : (int32_t)length;
    int32_t cost = room == 0 ? size + 1 : size;
    if (size == 0 || cost > left) break;
    if (length == 1 && size > 1) {
      to = put_escaped(to, *at, size);
    } else {
      for (size_t i = 0; i < length; i++) to[i] = at[i];
      to += length;
    }
    at += length;
    left -= cost;
    if (room == 0) {
      /* Counts up to the next power of ten cost no further byte. */
      room = budget->widens_at * 9 - 1;
      budget->widens_at *= 10;
    } else {
      room--;
    }
  }
  *budget = (struct budget){(int32_t)(to - txt), left, room, budget->widens_at};
  return at;
}

/* copyText(bytes, from, end, txt, budget: Int32Array(4)): the first byte not taken. */
static napi_value copy_text(napi_env env, napi_callback_info info) {
  ARGUMENTS(5);
  struct bytes bytes = bytes_of(env, args[0]), txt = bytes_of(env, args[3]), budget = bytes_of(env, args[4]);
  int32_t from = integer_of(env, args[1]), end = integer_of(env, args[2]);
  struct budget *state = (struct budget *)budget.data;
  if (budget.length < sizeof *state || from < 0 || end < from || (size_t)end > bytes.length) return number(env, -EINVAL);
  if (state->to < 0 || state->left < 0 || state->room < 0 || (size_t)state->to + (size_t)state->left > txt.length) {
    return number(env, -EINVAL);
  }
  return number(env, copy(bytes.data + from, bytes.data + end, txt.data, state) - bytes.data);
}

void export_text(napi_env env, napi_value exports) {
  static const export_entry entries[] = {{"copyText", copy_text}};
  EXPORT_ALL(entries);
}
