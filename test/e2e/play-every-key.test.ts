import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { playKeys } from "../../src/config/play-keys.ts";
import { Tmux } from "../harness/tmux.ts";
import { has, message, program, run, start, until } from "./play-program.ts";

let folder = "";
let file = "";
let terminal: Tmux;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-every-key-"));
  file = join(folder, "recording.log");
  terminal = new Tmux(folder);
});

afterEach(() => {
  terminal.end();
  rmSync(folder, { recursive: true });
});

const steps = 9;
const apartMs = 100_000;
/** "<1>" to "<9>", a hundred seconds apart, in a window that is larger than the terminal when asked for. */
function nine(size = "60x20", first = ""): string {
  const packets = Array.from({ length: steps }, (_, i) => `${i === 0 ? first : ""}<${i + 1}>`);
  const timing = `=${size}${packets.map((text) => `>${text.length}`).join(`+${apartMs}`)}`;
  return message({ id: 1, timing, out: packets.join(""), start });
}

/** Names of keys as tmux has them. */
const names: Readonly<Record<string, string>> = {
  space: "Space",
  backspace: "BSpace",
  left: "Left",
  right: "Right",
  "shift-left": "S-Left",
  "shift-right": "S-Right",
  up: "Up",
  down: "Down",
};

interface Case {
  /** Pressed before, from the beginning of a paused recording, and what shows that it was. */
  readonly before?: readonly [keys: readonly string[], shows: string];
  readonly shows: string;
  /** What the first row then is, without what follows it. */
  readonly says?: string;
  readonly size?: string;
  readonly first?: string;
}

const at300 = [["3", "0", "0", "g"], "0:05:00.000 /"] as const;
const wide = { size: "100x40", first: `${"x".repeat(90)}\r\nsecond\u001b[1;1H` };
/** Every key of --help. */
const cases: Readonly<Record<string, Case>> = {
  space: { shows: "playing" },
  p: { shows: "playing" },
  "}": { shows: " x2 " },
  "{": { shows: " x1/2 " },
  backspace: { before: [["}", "}"], " x4 "], shows: " x1 " },
  left: { before: at300, shows: "0:04:55.000 /", says: "<1><2><3>" },
  right: { before: at300, shows: "0:05:05.000 /", says: "<1><2><3><4>" },
  "shift-left": { before: at300, shows: "0:04:00.000 /", says: "<1><2><3>" },
  "shift-right": { before: at300, shows: "0:06:00.000 /", says: "<1><2><3><4>" },
  "<": { before: at300, shows: "0:04:00.000 /", says: "<1><2><3>" },
  ">": { before: at300, shows: "0:06:00.000 /", says: "<1><2><3><4>" },
  ",": { before: at300, shows: "0:03:20.000 /", says: "<1><2><3>" },
  ".": { before: at300, shows: "0:06:40.000 /", says: "<1><2><3><4><5>" },
  g: { before: at300, shows: "0:00:00.000 /", says: "" },
  G: { before: at300, shows: "end  0:13:20.000 /", says: "<1><2><3><4><5><6><7><8><9>" },
  "TIME g": { before: [["G"], "end"], shows: "0:01:40.000 /", says: "<1><2>" },
  "TIME G": { shows: "0:01:40.000 /", says: "<1><2>" },
  "NUMBER %": { shows: "0:06:40.000 /", says: "<1><2><3><4><5>" },
  "[": { before: at300, shows: "0:03:20.000 pause before this: after 100 s", says: "<1><2><3>" },
  "]": { before: at300, shows: "0:06:40.000 pause before this: after 100 s", says: "<1><2><3><4><5>" },
  "/": { before: at300, shows: "0:10:00.000 /", says: "<1><2><3><4><5><6><7>" },
  "?": { before: [["G"], "end"], shows: "0:10:00.000 /", says: "<1><2><3><4><5><6><7>" },
  n: { before: [["/", "[", "3", "5", "]", "Enter"], "0:03:20.000 /"], shows: "0:06:40.000 /" },
  N: { before: [["/", "<", "5", "Enter"], "0:06:40.000 /"], shows: "not found: <5" },
  i: { shows: "idle limit 2 s" },
  t: { shows: "2026-11-" },
  f: { before: [["G"], "end"], shows: "<1><2><3><4><5><6><7><8><9>more" },
  up: { before: [[".", "down"], "second"], shows: `<1>${"x".repeat(76)}>`, ...wide },
  down: { before: [["."], "<1>"], shows: "part of 100x40", says: `second${" ".repeat(73)}^`, ...wide },
  "(": { before: [[".", ")", ")"], `<${"x".repeat(69)}\n`], shows: `<${"x".repeat(79)}`, ...wide },
  ")": { before: [["."], "<1>"], shows: `<${"x".repeat(79)}`, ...wide },
  h: { shows: "any key leaves this help" },
  // Which one, and whether lines stand before it, depends on how soon it is left: its missing end may not be seen yet.
  q: { shows: "status " },
};

/** What is typed for a key of the table. */
function typed(key: string): string[] {
  if (key === "/" || key === "?") return [key, "<", "7", "Enter"];
  if (key.startsWith("TIME ")) return ["1", ":", "4", "0", key.slice(5)];
  if (key === "NUMBER %") return ["5", "0", "%"];
  return [names[key] ?? key];
}

const keys = playKeys.flatMap((row) => row.keys);

test("every key of --help has a case, and no other", async () => {
  expect(Object.keys(cases).sort()).toEqual([...keys].sort());
  const { stdout } = await run(["--help"]);
  for (const row of playKeys)
    expect(stdout.toString()).toMatch(new RegExp(`^  ${row.keys.map(escaped).join(" +")} `, "m"));
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

describe.skipIf(!has("tmux"))("every key of --help", () => {
  test.each(keys)("%s", async (key) => {
    const { before, shows, says, size, first } = cases[key] ?? { shows: "no case" };
    writeFileSync(file, nine(size, first));
    await terminal.run(`clear; ${program} --paused ${file}; echo "status $?"`);
    await terminal.shows("paused  0:00:00.000 /");
    if (before !== undefined) {
      terminal.press(...before[0].map((name) => names[name] ?? name));
      await terminal.shows(before[1]);
    }
    terminal.press(...typed(key));
    if (key === "f") {
      await terminal.shows("paused");
      appendFileSync(file, message({ id: 2, pos: 900_000, timing: ">4", out: "more" }));
      terminal.press(".");
    }
    await terminal.shows(shows);
    if (says === undefined) return;
    await until(
      () => terminal.screen.split("\n")[0]?.trimEnd() === says,
      () => `${says} in the first row of\n${terminal.screen}`,
    );
  });
});
