import { describe, expect, test } from "vitest";
import { parseMatch } from "./match.ts";
import type { Recording } from "./recording.ts";

const nowMs = Date.UTC(2026, 10, 22, 12);

function recording(fields: Partial<Recording> = {}): Recording {
  return {
    rec: "a-1-1",
    user: "alice",
    host: "web1",
    startedMs: Date.UTC(2026, 10, 21),
    durationMs: 1000,
    bytes: 1,
    tty: "/dev/pts/3",
    command: "vim /etc/my passwd",
    cwd: "/root",
    state: "complete",
    by: null,
    source: "x",
    ...fields,
  };
}

test.each([
  ["user alice", true],
  ["user alic", false],
  ["u alice", true],
  ["host web1", true],
  ["tty pts/3", true],
  ["tty /dev/pts/3", true],
  ["tty pts/33", false],
  ["cwd /root", true],
  ["cw /", false],
  ["command ^vim", true],
  ["com '^vim .*my passwd$'", true],
  ['command "[[:space:]]/etc"', true],
  ["command my\\ passwd", true],
  ["command \\bvim\\b", true],
  ["command (vi|emacs)m", true],
  ["(command (vi|emacs)m)", true],
  ["(user alice)", true],
  ["fromdate 2026-11-20", true],
  ["f '2026-11-21 00:00:01Z'", false],
  ["to 2026-11-20", false],
  ["todate -1d", true],
  ["user bob or host web1", true],
  ["user bob host web1", false],
  ["user alice host web1", true],
  ["user alice and host web2", false],
  ["! user bob", true],
  ["not user alice", false],
  ["!!user alice", true],
  ["not (user bob or host web2)", true],
  // What stands first is combined first.
  ["user alice or user bob and host web2", false],
  ["user alice or (user bob and host web2)", true],
  ["host web2 and user bob or user alice", true],
  ["user 'or'", false],
  ["user'alice'", true],
])("%s", (text, expected) => {
  expect(parseMatch(text, nowMs).accepts(recording())).toBe(expected);
});

test("what a recording does not tell is never met", () => {
  const unknown = recording({ startedMs: null, tty: null, command: null, cwd: null });
  for (const text of ["fromdate 0", "todate now", "tty ''", "command .*", "cwd ''"]) {
    expect(parseMatch(text, nowMs).accepts(unknown), text).toBe(false);
  }
});

test("only an expression that has cwd wants it", () => {
  expect(parseMatch("user cwd or command cwd", nowMs).wantsCwd).toBe(false);
  expect(parseMatch("user a or not (cwd /)", nowMs).wantsCwd).toBe(true);
});

describe("what cannot be meant is refused, with its place", () => {
  test.each([
    ["", 1, "expected a predicate"],
    ["user", 1, "user needs a value after it"],
    ["user=alice", 5, "user needs a blank after it, then a value"],
    ["host web1 user(alice)", 15, "user needs a blank after it, then a value"],
    ["user alice)", 11, "no parenthesis is open here"],
    ["(user alice", 1, "this parenthesis is not closed"],
    ["user alice and", 15, "expected a predicate"],
    ["user alice or or user bob", 15, "expected a predicate"],
    ["t x", 1, "t may be tty or todate"],
    ["c x", 1, "c may be command or cwd"],
    ["uid 0", 1, "expected a predicate"],
    ["user a runas root", 8, "recordings have no runas"],
    ["user 'alice", 6, "this quote is not closed"],
    ["user a command (", 16, "unterminated group"],
    ["fromdate banana", 10, "cannot use the time banana"],
    ["(".repeat(101), 101, "more than 100 parentheses are open"],
    ["!".repeat(9), 10, "expected a predicate"],
  ])("%s", (text, position, why) => {
    expect(() => parseMatch(text, nowMs)).toThrow(`at character ${position}: `);
    expect(() => parseMatch(text, nowMs)).toThrow(why);
  });
});
