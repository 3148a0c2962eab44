/* The addon's entry: the few system calls that Node lacks and a recorder needs. */
#include "addon.h"

int32_t integer_of(napi_env env, napi_value value) {
  int32_t result = -1;
  napi_get_value_int32(env, value, &result);
  return result;
}

struct bytes bytes_of(napi_env env, napi_value value) {
  struct bytes view = {NULL, 0};
  bool is_typed_array = false;
  napi_is_typedarray(env, value, &is_typed_array);
  if (!is_typed_array) return view;
  napi_typedarray_type type;
  size_t length = 0;
  void *data = NULL;
  if (napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok) return view;
  size_t width = 1;
  if (type == napi_int32_array || type == napi_uint32_array) width = 4;
  if (type == napi_bigint64_array || type == napi_biguint64_array) width = 8;
  view.data = data;
  view.length = length * width;
  return view;
}

napi_value number(napi_env env, int64_t value) {
  napi_value result = NULL;
  napi_create_int64(env, value, &result);
  return result;
}

napi_value outcome(napi_env env, int64_t value) { return number(env, value == -1 ? -errno : value); }

void export_all(napi_env env, napi_value exports, const export_entry *entries, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value function = NULL;
    napi_create_function(env, entries[i].name, NAPI_AUTO_LENGTH, entries[i].call, NULL, &function);
    napi_set_named_property(env, exports, entries[i].name, function);
  }
}

NAPI_MODULE_INIT() {
  export_pty(env, exports);
  export_spawn(env, exports);
  export_stream(env, exports);
  export_text(env, exports);
  export_signals(env, exports);
  export_datagram(env, exports);
  export_delivery(env, exports);
  export_passage(env, exports);
  export_look(env, exports);
  export_ends(env, exports);
  export_process(env, exports);
  export_lock_table(env, exports);
  return exports;
}
