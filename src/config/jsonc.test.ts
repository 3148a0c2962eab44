import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { RecError } from "../errors.ts";
import { type JsonValue, maxBytes, parseJsonc } from "./jsonc.ts";

describe("the dialect", () => {
  test.each<[name: string, text: string, expected: unknown]>([
    ["an empty object", "{}", {}],
    [
      "plain JSON",
      '{"a": [1, -2.5e3, true, false, null, "x"], "b": {"c": {}}}',
      { a: [1, -2500, true, false, null, "x"], b: { c: {} } },
    ],
    ["comments everywhere", '// 1\n/* 2 */{/**/"a"//\n:/*\n*/1/* */,// "b": 2\n}//end', { a: 1 }],
    ["a comment's stars", "{/***/}/* ** / */", {}],
    ["no comment in a text", '{"a": "// /* */"}', { a: "// /* */" }],
    ["trailing commas", '{"a": [1, [2,],], "b": {"c": 3,},}', { a: [1, [2]], b: { c: 3 } }],
    ["single quotes", `{'a': 'say "x"', "b": "it's"}`, { a: 'say "x"', b: "it's" }],
    ["escapes", `{"a": "\\b\\f\\n\\r\\t\\"\\'\\\\\\/\\u00e9\\ud83d\\uDE00"}`, { a: "\b\f\n\r\t\"'\\/é😀" }],
    ["a lone surrogate becomes the replacement character", '{"a": "\\ud83d"}', { a: "\ufffd" }],
    ["a line feed in a text", '{"a": "x\ny"}', { a: "x\ny" }],
    ["constants of any case, as json-c", '{"a": TRUE, "b": Null}', { a: true, b: null }],
    ["the last of equal keys", '{"a": 1, "a": 2}', { a: 2 }],
    ["a byte order mark", "\ufeff{}", {}],
    ["32 levels", `{"a": ${"[".repeat(31)}${"]".repeat(31)}}`, undefined],
  ])("%s", (_name, text, expected) => {
    const object = parseJsonc(text, "f");
    if (expected !== undefined) expect(plain(object)).toEqual(expected);
  });

  test("no key is special", () => {
    const object = parseJsonc('{"__proto__": {"isRoot": true}, "constructor": 1, "toString": 2}', "f");
    expect(Object.keys(object)).toEqual(["__proto__", "constructor", "toString"]);
    expect(({} as Record<string, unknown>)["isRoot"]).toBeUndefined();
  });
});

describe("what is not the dialect", () => {
  test.each<[name: string, text: string, line: number, column: number, why: string]>([
    ["nothing", "", 1, 1, "expected '{', found nothing but blanks and comments"],
    ["only a comment", "// x\n", 2, 1, "expected '{', found nothing but blanks and comments"],
    ["a list", "\n []", 2, 2, "expected an object that begins with '{', found '['"],
    ["a number", "5", 1, 1, "expected an object that begins with '{', found '5'"],
    ["a text", '"s"', 1, 1, "expected an object that begins with '{', found '\"'"],
    ["null", "null", 1, 1, "expected an object that begins with '{', found 'n'"],
    [
      "a comment that is not closed",
      '{\n  "a": 1 /* x\n}\n',
      2,
      10,
      "this comment is not closed: expected '*/' after it",
    ],
    ["a comment that is only half closed", "{}/*/", 1, 3, "this comment is not closed: expected '*/' after it"],
    ["a text that is not closed", '{"a": "x\n}', 1, 7, 'this text is not closed: expected " after it'],
    ["a text that ends with a backslash", '{"a": "x\\', 1, 9, "expected an escape that JSON knows after '\\'"],
    ["an unknown escape", '{"a": "\\x41"}', 1, 8, "expected an escape that JSON knows after '\\'"],
    ["half a unicode escape", '{"a": "\\u00"}', 1, 8, "expected an escape that JSON knows after '\\'"],
    ["a hash comment", "{ # x\n}", 1, 3, "expected a key in quotes or '}', found '#'"],
    ["a bare key", "{a: 1}", 1, 2, "expected a key in quotes or '}', found 'a'"],
    ["a lone comma", "{,}", 1, 2, "expected a key in quotes or '}', found ','"],
    ["a lone comma in a list", '{"a": [,]}', 1, 8, "expected a value, found ','"],
    ["no colon", '{"a" 1}', 1, 6, "expected ':' after the key, found '1'"],
    ["no value", '{"a": }', 1, 7, "expected a value, found '}'"],
    ["no comma", '{"a": 1 "b": 2}', 1, 9, "expected ',' or '}', found '\"'"],
    ["an object that is not closed", '{"a": 1', 1, 8, "expected ',' or '}', found the end"],
    ["a list that is not closed", '{"a": [1', 1, 9, "expected ',' or ']', found the end"],
    ["a leading zero", '{"a": 012}', 1, 8, "expected ',' or '}', found '1'"],
    ["hexadecimal", '{"a": 0x1}', 1, 8, "expected ',' or '}', found 'x'"],
    ["infinity", '{"a": Infinity}', 1, 7, "expected a value, found 'I'"],
    ["a number too large", '{"a": 1e999}', 1, 7, "expected a value, found '1'"],
    ["something after the end", "{} x", 1, 4, "expected nothing after the object, found 'x'"],
    ["a control character, escaped", "{\u001b}", 1, 2, "expected a key in quotes or '}', found '\\x1b'"],
    [
      "columns count characters, lines any end",
      '{\r\n"😀": 1,\r"é😀" 1}',
      3,
      6,
      "expected ':' after the key, found '1'",
    ],
    ["33 levels", `{"a": ${"[".repeat(32)}`, 1, 38, "expected at most 32 levels of nesting"],
    ["more than a configuration", " ".repeat(maxBytes + 1), 1, 1, "expected at most 1048576 bytes"],
  ])("%s", (_name, text, line, column, why) => {
    expect(failure(text)).toBe(`cannot read the configuration f: line ${line}, column ${column}: ${why}`);
  });
});

describe("any text", () => {
  const token = fc.constantFrom(
    ..."{}[],:\"'\\/*\n 01.-eEn",
    "//",
    "/*",
    "*/",
    '"a"',
    "'b'",
    "true",
    "null",
    "1e9",
    "\\u",
    "__proto__",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(token).map((tokens) => tokens.join("")),
    fc.array(token).map((tokens) => `{"a": ${tokens.join("")}}`),
  );

  test("is an object or a RecError", () => {
    fc.assert(
      fc.property(text, (anything) => {
        expect(typeof failure(anything)).toBe("string");
      }),
      { numRuns: 20_000, interruptAfterTimeLimit: 10_000 },
    );
  });

  test("that is JSON means what JSON means", () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (object, indent) => {
        const json = JSON.stringify(object, null, indent);
        expect(plain(parseJsonc(json, "f"))).toEqual(JSON.parse(json));
      }),
      { interruptAfterTimeLimit: 10_000 },
    );
  });

  test("of a megabyte does not take long", () => {
    for (const unit of ["[", '{"a":', "/*", '"\\', "1", "//\n", "-", '"a",', "\\u"]) {
      const start = process.cpuUsage();
      failure(`{"a": [${unit.repeat(Math.floor((maxBytes - 8) / unit.length))}`);
      expect(process.cpuUsage(start).user / 1000, unit).toBeLessThan(2000);
    }
  });
});

/** The message, or "" when the text is good. */
function failure(text: string): string {
  try {
    parseJsonc(text, "f");
    return "";
  } catch (error) {
    if (error instanceof RecError) return error.message;
    throw error;
  }
}

function plain(value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(value));
}
