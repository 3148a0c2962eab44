/** Options of rec-play that change what is drawn, on a terminal of tmux's. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Session, until } from "../harness/session.ts";
import { Tmux } from "../harness/tmux.ts";
import { endOf, has, message, program, start } from "./play-program.ts";

let folder = "";
let file = "";
let terminal: Tmux;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-options-"));
  file = join(folder, "recording.log");
  terminal = new Tmux(folder);
});

afterEach(() => {
  terminal.end();
  rmSync(folder, { recursive: true });
});

/** "<1>", "<2>" and "<3>" a minute apart, and "ab" typed a second after the first. */
function three(size = "60x10"): string {
  const first = message({ id: 1, timing: `=${size}>3+1000<2+59000>3+60000>3`, out: "<1><2><3>", in: "ab", start });
  return first + message({ id: 2, pos: 120_000, timing: "", end: endOf(2) });
}

const rows = (): string[] => terminal.screen.split("\n").map((row) => row.trimEnd());
const looks = async (row: number, text: string): Promise<void> =>
  await until(
    () => rows()[row] === text,
    () => `${text} in row ${row} of\n${terminal.screen}`,
  );

describe.skipIf(!has("tmux"))("on a terminal", () => {
  const cases: readonly [options: string, shows: string, text: string][] = [
    ["-p -g -30", "paused  0:01:30.000 / 0:02:00.000", "<1><2>"],
    ["-p -g 1:00", "paused  0:01:00.000 / 0:02:00.000", "<1><2>"],
    ["-p -g end", "end  0:02:00.000 / 0:02:00.000", "<1><2><3>"],
    ["-p --start-at-match '<[23]>'", "paused  0:01:00.000 / 0:02:00.000", "<1><2>"],
    ["-p -s 16", " x16 ", ""],
    ["-p --idle-limit 3", " idle 3 s ", ""],
  ];
  test.each(cases)("%s", async (options, shows, text) => {
    writeFileSync(file, three());
    await terminal.run(`clear; ${program} ${options} ${file}; echo "status $?"`, 100);
    await terminal.shows(shows);
    await looks(0, text);
    terminal.press("q");
    await terminal.shows("status 0");
  });

  test("--start-at-match: what the screen never shows is told", async () => {
    writeFileSync(file, three());
    await terminal.run(`clear; ${program} -p --start-at-match nowhere ${file}; echo "status $?"`, 100);
    await terminal.shows("rec-play: cannot start where the screen shows nowhere: it never does\nstatus 1");
  });

  test("--until: nothing later is shown, and it ends there", async () => {
    writeFileSync(file, three());
    await terminal.run(`clear; ${program} -s 64 --idle-limit 1 --until 61 ${file}; echo "status $?"`);
    await terminal.shows("status 0");
    expect(rows().slice(0, 2)).toEqual(["<1><2>", "status 0"]);
  });

  test("--until, paused: going to the end goes no further", async () => {
    writeFileSync(file, three());
    await terminal.run(`clear; ${program} -p --until -30 ${file}`);
    await terminal.shows("paused  0:00:00.000");
    terminal.press(".", ".", ".", ".");
    await looks(0, "<1><2>");
  });

  test("--input: what was typed has a row of its own, and none without it", async () => {
    writeFileSync(file, three());
    await terminal.run(`clear; ${program} --input -p -g 30 ${file}; clear; ${program} -p -g 30 ${file}`);
    await looks(0, "<1>");
    await terminal.shows("paused  0:00:30.000");
    terminal.press("g", "p");
    await looks(22, " typed: ab");
    terminal.press("q");
    await until(
      () => !terminal.screen.includes("typed") && rows()[0] === "<1>" && terminal.screen.includes("0:00:30.000"),
      () => terminal.screen,
    );
  });

  test("--no-status: every row is the recording's", async () => {
    const all = Array.from({ length: 24 }, (_, row) => `row ${row + 1}`).join("\r\n");
    writeFileSync(file, message({ id: 1, timing: `=80x24>${all.length}+100000>1`, out: `${all}x`, start }));
    await terminal.run(`clear; ${program} --no-status ${file}`);
    await looks(23, "row 24");
    expect(rows()[0]).toBe("row 1");
    // What has to be said is said nevertheless, until the next key.
    terminal.press("/", "-l");
    terminal.press("Enter");
    await looks(23, " not found: -l");
    terminal.press("t");
    await looks(23, "row 24");
  });
});

test("--resize asks the terminal for room for the recorded window and the status, at each of its sizes", async () => {
  const out = "<1><2>";
  writeFileSync(file, message({ id: 1, timing: "=100x30>3+200=60x10>3+100000>1", out: `${out}x`, start }));
  const asked = async (...options: string[]): Promise<string[]> => {
    const session = new Session({ args: [program, ...options, file], environment: { TERM: "xterm" } });
    await session.sees("<2>");
    session.type("q");
    await session.exited;
    return session.shownText.match(/\u001b\[8;\d+;\d+t/g) ?? [];
  };
  expect(await asked("--resize")).toEqual(["\u001b[8;31;100t", "\u001b[8;11;60t"]);
  expect(await asked("--resize", "--no-status")).toEqual(["\u001b[8;30;100t", "\u001b[8;10;60t"]);
  expect(await asked()).toEqual([]);
});
