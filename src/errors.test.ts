import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ErrorCode, errorTable, RecError, systemReason, withoutStack } from "./errors.ts";

const codes = Object.keys(errorTable) as ErrorCode[];

describe("the table of errors", () => {
  test.each(codes)("%s: lower case, no full stop, what failed first", (code) => {
    const { message, remedy } = errorTable[code];
    for (const text of remedy === undefined ? [message] : [message, remedy]) {
      expect(text).toMatch(/^([a-z]|\{what\})/);
      expect(text).not.toMatch(/[.\s]$|\n/);
    }
    // Only the program's name is known when the error is reported.
    expect(remedy?.replaceAll("{program}", "") ?? "").not.toContain("{");
  });

  test("docs/errors.md lists exactly the table", () => {
    const rows = readFileSync("docs/errors.md", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `REC_"))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const listed = rows.map(([, code, message, status]) => [code, message, status]);
    const expected = codes.map((code) => [`\`${code}\``, errorTable[code].message, String(errorTable[code].status)]);
    expect(listed).toEqual(expected);
    for (const row of rows) expect(row[4], row[1]).toMatch(/^[A-Z].*\.$/);
  });
});

describe("RecError", () => {
  test("fills the sentence once, and keeps code, status, remedy and cause", () => {
    const cause = new Error("x");
    const error = new RecError("REC_FILE_OPEN", { path: "/tmp/{why}", why: "is a directory" }, cause);
    expect(error).toMatchObject({ code: "REC_FILE_OPEN", status: 1, remedy: undefined, cause });
    expect(error.message).toBe("cannot open /tmp/{why}: is a directory");
    expect(new RecError("REC_USAGE", { what: "x" })).not.toHaveProperty("cause");
  });

  test("a list has each item on a line of its own, escaped", () => {
    const error = new RecError("REC_RECORDINGS_MANY", { count: 2, id: "x", list: ["a\n", "b"] });
    expect(error.message).toBe("cannot choose a recording: 2 recordings match x:\n  a\\n\n  b");
  });

  test("escapes what a terminal would obey in the details", () => {
    const error = new RecError("REC_EXEC", { command: "\u001b[2J\n\u202e\ud800", why: "x" });
    expect(error.message).toBe("cannot run \\x1b[2J\\n\\u202e\\ud800: x");
  });
});

describe("systemReason", () => {
  test.each([
    ["an errno", -2, "no such file or directory"],
    ["an errno of the other sign", 13, "permission denied"],
    ["a name", "ENOSPC", "no space left on device"],
    ["a name with our own words", "EISDIR", "is a directory"],
    ["an errno with our own words", -21, "is a directory"],
    ["an errno that libuv does not know", -122, "disk quota exceeded"],
    ["an unknown errno", -999, "system error 999"],
    ["an unknown name", "EWHAT", "EWHAT"],
    ["Node's error with only a name", Object.assign(new Error("x"), { code: "EACCES" }), "permission denied"],
    ["Node's error of its own", Object.assign(new Error("the sentence"), { code: "ERR_X" }), "the sentence"],
    ["any error", new Error("the sentence"), "the sentence"],
  ])("%s", (_name, error, expected) => {
    expect(systemReason(error)).toBe(expected);
  });

  test("what Node throws", () => {
    expect.assertions(1);
    try {
      statSync("/dev/null/x");
    } catch (error) {
      expect(systemReason(error)).toBe("not a directory");
    }
  });
});

test("an error of what fails a million times has no stack, and the next one has", () => {
  const stackOf = (): string | undefined => new RecError("REC_RECORDING_NONE", { place: "x" }).stack;
  expect(withoutStack(stackOf)).not.toContain("\n");
  expect(() =>
    withoutStack(() => {
      throw new Error("x");
    }),
  ).toThrow("x");
  expect(stackOf()).toContain("\n");
});
