/* What the addon's files share. Every function that JavaScript calls returns a number >= 0, or -errno. */
#ifndef REC_ADDON_H
#define REC_ADDON_H

#define NAPI_VERSION 8
#include <node_api.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the arguments of a call into an array named `args`; missing ones are undefined. */
#define ARGUMENTS(n)        \
  napi_value args[(n)];     \
  size_t given = (n);       \
  napi_get_cb_info(env, info, &given, args, NULL, NULL)

/* A view of a typed array: its bytes, its length in bytes. No bytes for anything else. */
struct bytes {
  uint8_t *data;
  size_t length;
};

int32_t integer_of(napi_env env, napi_value value);
struct bytes bytes_of(napi_env env, napi_value value);
napi_value number(napi_env env, int64_t value);
/* `value`, or -errno where a system call returned -1. */
napi_value outcome(napi_env env, int64_t value);

/* Each file of the addon adds its functions to the exports. */
typedef struct {
  const char *name;
  napi_callback call;
} export_entry;
void export_all(napi_env env, napi_value exports, const export_entry *entries, size_t count);
#define EXPORT_ALL(entries) export_all(env, exports, entries, sizeof(entries) / sizeof((entries)[0]))

void export_pty(napi_env env, napi_value exports);
void export_spawn(napi_env env, napi_value exports);
void export_stream(napi_env env, napi_value exports);
void export_text(napi_env env, napi_value exports);
void export_signals(napi_env env, napi_value exports);
void export_datagram(napi_env env, napi_value exports);
void export_delivery(napi_env env, napi_value exports);
void export_passage(napi_env env, napi_value exports);
void export_look(napi_env env, napi_value exports);
void export_ends(napi_env env, napi_value exports);
void export_process(napi_env env, napi_value exports);
void export_lock_table(napi_env env, napi_value exports);

/* Whether a look at what descends from this process tells the same as `told`. */
bool looks_like(struct bytes told);

/* Puts the terminal back as it was before raw mode; async-signal-safe, may be called at any time. */
void restore_terminal(void);

#endif
