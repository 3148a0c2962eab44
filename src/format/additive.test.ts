import { describe, expect, test } from "vitest";
import {
  parseEcho,
  parseEnd,
  parseLost,
  parseStart,
  parseTransfer,
  printEnd,
  printLost,
  printStart,
  printTransfer,
  startLimit,
} from "./additive.ts";

/** The value of the one field that `text` prints. */
function value(text: string): unknown {
  return Object.values(JSON.parse(`{${text.slice(1)}}`) as object)[0];
}

const start = { command: ["a", '\u007f\n"\\', ""], cwd: "/ä", tty: null, peer: "::1 1 ::1 22" };

const source = { format: "asciicast v2", file: "ä", atMs: 5, id: null, title: null, lacks: ["user"] };
const printed = { format: "x", file: "x", time: 5, id: null, title: null, lacks: [] };

test("what is printed is parsed", () => {
  const lost = { inBytes: 1, outBytes: 2, fromMs: 3, toMs: 4 };
  const end = { exit: null, signal: "SIGKILL", inBytes: 1, outBytes: 2, durationMs: 3, messages: 4 };
  expect(parseStart(value(printStart(start)))).toEqual(start);
  expect(parseLost(value(printLost(lost)))).toEqual(lost);
  expect(parseEnd(value(printEnd(end)))).toEqual(end);
  const transfer = { ...lost, command: ["scp", "-t", "\u0007"] };
  expect(parseTransfer(value(printTransfer(transfer)))).toEqual(transfer);
  expect(parseTransfer(value(printTransfer(transfer, 8)))?.command).toEqual(["scp"]);
  for (const command of [undefined, "scp", [1]])
    expect(parseTransfer({ in: 1, out: 2, from: 3, to: 4, command })).toBeNull();
  expect(parseTransfer({ command: [] })).toBeNull();
  const imported = { ...start, import: { ...source, id: "x", title: "\n" } };
  expect(parseStart(value(printStart(imported)))).toEqual(imported);
  const bad = { ...end, bad: [{ place: "line 1", reason: '"' }] };
  expect(parseEnd(value(printEnd(bad)))).toEqual(bad);
});

const long: [name: string, command: string[]][] = [
  ["one endless argument", ["x".repeat(2_000_000)]],
  ["endlessly many arguments", new Array<string>(2_000_000).fill("")],
  ["a character astride the limit", ["😀".repeat(startLimit)]],
  ["an odd number of characters before it", ["x", "😀".repeat(startLimit)]],
];

test.each(long)("%s: the beginning is kept, and it says that it is cut", (_, command) => {
  const text = printStart({ ...start, command });
  expect(text.length).toBeLessThan(6 * startLimit + 200);
  const parsed = parseStart(value(text));
  expect(parsed?.isCut).toBe(true);
  expect(command[0]?.startsWith(parsed?.command[0] ?? "?")).toBe(true);
});

describe("fields of the same name that are something else are passed over", () => {
  const end = { exit: 0, signal: null, in: 0, out: 0, duration: 0, messages: 1 };
  test.each([
    undefined,
    null,
    5,
    "x",
    [],
    {},
    { ...start, command: "a" },
    { ...start, command: [1] },
    { ...start, cwd: 1 },
    { ...start, tty: 1 },
    { ...start, peer: 1 },
    { ...start, import: null },
    { ...start, import: { ...printed, time: -1 } },
    { ...start, import: { ...printed, id: 1 } },
    { ...start, import: { ...printed, lacks: [1] } },
    { ...start, import: { ...printed, file: undefined } },
  ])("start %j", (given) => expect(parseStart(given)).toBeNull());
  test.each([
    undefined,
    {},
    { in: 1, out: 1, from: 1 },
    { in: -1, out: 1, from: 1, to: 1 },
    { in: 1, out: "1", from: 1, to: 1 },
  ])("lost %j", (given) => expect(parseLost(given)).toBeNull());
  test.each([
    undefined,
    {},
    { ...end, exit: "0" },
    { ...end, signal: 9 },
    { ...end, messages: 1.5 },
    { ...end, in: null },
    { ...end, bad: {} },
    { ...end, bad: [{ place: "x" }] },
  ])("end %j", (given) => expect(parseEnd(given)).toBeNull());
  test.each([undefined, {}, [1], [[1, 0, 0, 1]], [[1, 0, 0, 1, "5"]], [[1, 2, 0, 1, 5]], [[1, 0, -1, 1, 5]]])(
    "echo %j",
    (given) => expect(parseEcho(given)).toBeNull(),
  );
});
