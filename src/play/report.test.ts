import { describe, expect, test } from "vitest";
import type { Item } from "../format/item.ts";
import { Report } from "./report.ts";

const start = { command: ["sh"], cwd: "/", tty: null, peer: null };
const head = (isOwn: boolean): Item => {
  const identity = { host: "h", rec: "r", user: "u", term: "t", session: 1 };
  return { kind: "head", ...identity, startedMs: 0, start: isOwn ? start : null };
};
const end: Item = { kind: "end", exit: 0, signal: null, inBytes: 0, outBytes: 0, durationMs: 0, messages: 1 };
const unended: Item = { kind: "unended", lastId: 7, lastMs: 61_234 };

const cases: [string, Item[], string[], number][] = [
  ["whole", [head(true), end], [], 0],
  ["tlog never tells its end", [head(false), unended], [], 0],
  [
    "our recording without its end",
    [head(true), unended],
    ["the recording stops at 0:01:01.234 (message 7) without its end: it is still running or was cut off"],
    3,
  ],
  [
    "a message is missing",
    [head(true), { kind: "gap", fromId: 3, toId: 3, fromMs: 1000, toMs: 2500 }, end],
    ["message 3 is missing, between 0:00:01.000 and 0:00:02.500"],
    3,
  ],
  [
    "messages are missing",
    [head(false), { kind: "gap", fromId: 3, toId: 5, fromMs: 0, toMs: 3_600_000 }, unended],
    ["messages 3 to 5 are missing, between 0:00:00.000 and 1:00:00.000"],
    3,
  ],
  [
    "bytes were dropped",
    [head(true), { kind: "lost", inBytes: 2, outBytes: 10, fromMs: 0, toMs: 1 }, end],
    ["the recorder dropped 10 bytes of output and 2 bytes of input, between 0:00:00.000 and 0:00:00.001"],
    3,
  ],
  [
    "a transfer passed, which is no fault",
    [
      head(true),
      { kind: "transfer", command: ["scp", "-t", "\u001b"], inBytes: 5, outBytes: 1, fromMs: 0, toMs: 1 },
      end,
    ],
    ["a file transfer passed unrecorded, between 0:00:00.000 and 0:00:00.001: scp -t \\x1b: 5 bytes in, 1 byte out"],
    0,
  ],
  [
    "a place is bad, and what it says is harmless",
    [head(true), { kind: "bad", place: "line 3", reason: "not \u001b[m JSON" }, end],
    ["line 3 cannot be used: not \\x1b[m JSON"],
    3,
  ],
];

describe("report", () => {
  test.each(cases)("%s", (_, items, lines, status) => {
    const report = new Report();
    for (const item of items) report.take(item);
    expect([report.lines, report.status, report.isPlayable]).toEqual([lines, status, true]);
  });

  test("one is not told as several", () => {
    const report = new Report();
    report.take({ kind: "lost", outBytes: 1, inBytes: 1, fromMs: 0, toMs: 1 });
    for (let i = 1; i <= 20; i++) report.take({ kind: "bad", place: `line ${i}`, reason: "not JSON" });
    expect(report.lines[0]).toContain("dropped 1 byte of output and 1 byte of input,");
    expect(report.lines.at(-1)).toBe("and 1 more such place");
  });

  test("many transfers are counted, and not held", () => {
    const report = new Report();
    let asked = 0;
    const command = new Proxy(["scp"], {
      get(list, name) {
        if (name === "join") asked++;
        return Reflect.get(list, name);
      },
    });
    for (let i = 1; i <= 1000; i++)
      report.take({ kind: "transfer", command, inBytes: 1, outBytes: 1, fromMs: 0, toMs: 1 });
    expect([report.lines.length, report.lines.at(-1), report.status]).toEqual([21, "and 980 more such transfers", 0]);
    expect(asked).toBe(20);
  });

  test("a lax one does not tell of missing messages, but of all else, and does not fail", () => {
    const report = new Report(true);
    report.take({ kind: "gap", fromId: 3, toId: 3, fromMs: 1000, toMs: 2500 });
    report.take({ kind: "bad", place: "line 3", reason: "not JSON" });
    expect([report.lines, report.status]).toEqual([["line 3 cannot be used: not JSON"], 0]);
  });

  test("many places are counted", () => {
    const report = new Report();
    for (let i = 1; i <= 1000; i++) report.take({ kind: "bad", place: `line ${i}`, reason: "not JSON" });
    expect(report.lines).toHaveLength(21);
    expect(report.lines.at(-1)).toBe("and 980 more such places");
    expect([report.isPlayable, report.why]).toEqual([false, "line 1: not JSON"]);
  });
});
