/** Values of options: from a command line's text, from a configuration's JSON, and what is expected in words. */
import type { JsonValue } from "./jsonc.ts";
import type { CommandOption, OptionType, Value } from "./option.ts";

const words: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["on", true],
  ["true", true],
  ["no", false],
  ["off", false],
  ["false", false],
]);

/** The value that a command line's text means; undefined when it means none. Blanks after a number are allowed, as in tlog. */
export function valueFromText({ type }: CommandOption, text: string): Value | undefined {
  switch (type.kind) {
    case "flag":
      return undefined;
    case "boolean":
      return words.get(text.toLowerCase());
    case "integer":
      return /^[+-]?\d+\s*$/.test(text) ? valueFromJson(type, Number(text)) : undefined;
    case "number":
      return /^[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(text) ? valueFromJson(type, Number(text)) : undefined;
    case "choices":
      return valueFromJson(type, text.split(","));
    case "list":
      return valueFromJson(type, [text]);
    default:
      return valueFromJson(type, text);
  }
}

/** The value that a configuration file's JSON means; undefined when it means none. */
export function valueFromJson(type: OptionType, json: JsonValue): Value | undefined {
  switch (type.kind) {
    case "flag":
    case "boolean":
      return typeof json === "boolean" ? json : undefined;
    case "integer":
    case "number": {
      if (typeof json !== "number" || !(json >= type.min && json <= type.max)) return undefined;
      return type.kind === "number" || Number.isInteger(json) ? json : undefined;
    }
    case "string":
      // No path, and nothing that a system call is given, can hold NUL.
      if (typeof json !== "string" || json.includes("\0")) return undefined;
      return json !== "" || type.mayBeEmpty === true ? json : undefined;
    case "list":
      return Array.isArray(json) && json.every(isText) ? json : undefined;
    case "choice":
      return typeof json === "string" && type.choices.includes(json) ? json : undefined;
    case "parsed":
      return typeof json === "string" ? type.parse(json) : undefined;
    case "choices":
      return listOf(type, typeof json === "string" ? [json] : json);
  }
}

function isText(json: JsonValue): json is string {
  return typeof json === "string" && json !== "" && !json.includes("\0");
}

/** Several lists as one, each word once; undefined when `alone` is not alone. */
export function listOf(
  { choices, alone }: OptionType & { kind: "choices" },
  json: JsonValue,
): readonly string[] | undefined {
  if (!Array.isArray(json) || json.length === 0) return undefined;
  const list = new Set<string>();
  for (const word of json) {
    if (typeof word !== "string" || !choices.includes(word)) return undefined;
    list.add(word);
  }
  return list.has(alone) && list.size > 1 ? undefined : [...list];
}

/** What an option wants, in words that end a sentence: "an integer from 1 to 3600". */
export function expectation(type: OptionType, isOnCommandLine: boolean): string {
  switch (type.kind) {
    case "flag":
      return "no value";
    case "boolean":
      return isOnCommandLine ? "yes, on, true, no, off or false" : "true or false";
    case "integer":
      return `an integer from ${type.min} to ${type.max}`;
    case "number":
      return `a number from ${type.min} to ${type.max}`;
    case "string":
      return type.mayBeEmpty === true ? "a text without NUL" : "a text that is not empty, without NUL";
    case "list":
      return "texts that are not empty, without NUL";
    case "choice":
      return type.choices.join(", ").replace(/, ([^,]*)$/, " or $1");
    case "choices": {
      const list = type.choices.filter((choice) => choice !== type.alone).join(", ");
      return `${isOnCommandLine ? "" : "one of, or a list of, "}${list}; or ${type.alone} alone`;
    }
    case "parsed":
      return type.expected;
  }
}

/** A value as a message shows it: as JSON, and not longer than a line. */
export function shown(json: unknown): string {
  const text = JSON.stringify(json) ?? String(json);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
