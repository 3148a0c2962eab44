/** A configuration's JSON object, walked by the table: values that fit, problems and what is ignored. */
import { RecError } from "../errors.ts";
import type { JsonObject, JsonValue } from "./jsonc.ts";
import type { Option, Value } from "./option.ts";
import { expectation, shown, valueFromJson } from "./value.ts";

export interface SectionValues {
  readonly values: ReadonlyMap<string, Value>;
  readonly notices: readonly string[];
  readonly problems: readonly RecError[];
}

// What tlog's files may hold and we do not have.
const tlogOnly: ReadonlySet<string> = new Set(["es"]);
/** Names that are no option are told one by one up to here: a variable of a recorded user's holds 10 000, each a line of the administrator's log. */
const mostUnknown = 10;

/** Each value of the object by its path; a wrong one spoils only itself. `file` is the file or variable for the messages. */
export function valuesOf(options: readonly Option[], object: JsonObject, file: string, isTlog: boolean): SectionValues {
  const values = new Map<string, Value>();
  const notices: string[] = [];
  const problems: RecError[] = [];
  let unknownCount = 0;

  function walk(section: JsonObject, prefix: string): void {
    for (const [key, json] of Object.entries(section)) {
      const path = prefix + key;
      if (isTlog && (tlogOnly.has(path) || (path === "reader" && json === "es"))) {
        notices.push(`${file}: ignored ${path}: not supported yet`);
        continue;
      }
      // A dot in a key is not a level of nesting.
      const isPlain = !key.includes(".");
      const option = isPlain ? options.find((one) => one.path === path) : undefined;
      if (option !== undefined) take(option, json);
      else if (isPlain && options.some((one) => one.path.startsWith(`${path}.`))) descend(json, path);
      else if (++unknownCount <= mostUnknown) problems.push(unknown(path.slice(0, 100)));
    }
  }

  function take({ path, type }: Option, json: JsonValue): void {
    // null keeps what lower layers say.
    if (json === null) return;
    const value = valueFromJson(type, json);
    if (value === undefined) problems.push(wrong(path, json, expectation(type, false)));
    else values.set(path, value);
  }

  function descend(json: JsonValue, path: string): void {
    if (json === null) return;
    if (typeof json === "object" && !Array.isArray(json)) walk(json as JsonObject, `${path}.`);
    else problems.push(wrong(path, json, "an object in { }"));
  }

  function wrong(key: string, json: JsonValue, expected: string): RecError {
    return new RecError("REC_CONFIG_VALUE", { file, key, value: shown(json), expected });
  }

  function unknown(key: string): RecError {
    return new RecError("REC_CONFIG_UNKNOWN", { file, key });
  }

  walk(object, "");
  if (unknownCount > mostUnknown) problems.push(unknown(`${unknownCount - mostUnknown} others`));
  return { values, notices, problems };
}
