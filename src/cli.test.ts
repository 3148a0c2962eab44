import { describe, expect, test } from "vitest";
import { report } from "./cli.ts";
import { RecError } from "./errors.ts";

function told(program: string, error: unknown, isDebugging = false): [text: string, status: number] {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  const status = report(program, error, write, isDebugging);
  return [text, status];
}

describe("report", () => {
  test.each<[string, RecError, string, number]>([
    [
      "a sentence",
      new RecError("REC_FILE_READ", { path: "/x", why: "i/o error" }),
      "rec: cannot read /x: i/o error\n",
      1,
    ],
    ["a remedy on a second line", new RecError("REC_USAGE", { what: "bad" }), "rec: bad\nsee 'rec --help'\n", 2],
    [
      "a command that cannot be run",
      new RecError("REC_EXEC", { command: "x", why: "y" }),
      "rec: cannot run x: y\n",
      127,
    ],
  ])("%s", (_name, error, text, status) => {
    expect(told("rec", error)).toEqual([text, status]);
  });

  test("a bug is one line with its place, and status 1", () => {
    const [text, status] = told("rec", new TypeError("no\u001b such"));
    expect(text).toMatch(/^rec: internal error: TypeError: no\\x1b such \(at .*cli\.test\.ts:\d+:\d+.*\)\n$/);
    expect(status).toBe(1);
  });

  test.each([
    ["a string", "x\u0007", "rec: internal error: x\\x07\n"],
    ["undefined", undefined, "rec: internal error: undefined\n"],
    [
      "an error without a stack",
      Object.assign(new Error("x"), { stack: undefined }),
      "rec: internal error: Error: x\n",
    ],
  ])("thrown: %s", (_name, thrown, text) => {
    expect(told("rec", thrown)).toEqual([text, 1]);
  });

  test("the stack and its causes come only when debugging", () => {
    const error = new RecError("REC_FILE_READ", { path: "/x", why: "y" }, new Error("cause\u001b"));
    expect(told("rec", error)[0]).not.toContain(" at ");
    const [text] = told("rec", error, true);
    expect(text).toMatch(/^rec: cannot read .*\nRecError: .*\n {4}at .*\ncaused by: Error: cause\\x1b\n {4}at /s);
  });
});
