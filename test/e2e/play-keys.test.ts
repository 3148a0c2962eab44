import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Tmux } from "../harness/tmux.ts";
import { endOf, has, message, program, start, until } from "./play-program.ts";

let folder = "";
let file = "";
let terminal: Tmux;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-keys-"));
  file = join(folder, "recording.log");
  terminal = new Tmux(folder);
});

afterEach(() => {
  terminal.end();
  rmSync(folder, { recursive: true });
});

const tmux = (...args: string[]) => terminal.command(...args);
const screen = () => terminal.screen;
const press = (...keys: string[]) => terminal.press(...keys);
const shows = async (text: string) => await terminal.shows(text);
const type = async (command: string) => await terminal.run(command);

/** Packets "<1>" to "<count>", so far apart that only keys bring the next. */
function slow(count: number): string {
  const packets = Array.from({ length: count }, (_, i) => `<${i + 1}>`);
  return message({ id: 1, timing: packets.map((text) => `>${text.length}`).join("+100000"), out: packets.join("") });
}

describe.skipIf(!has("tmux"))("keys", () => {
  test("steps, going to a time, going to the end", async () => {
    writeFileSync(file, slow(9));
    await type(`${program} ${file}; echo "status $?"`);
    await shows("<1>");
    press(".");
    await shows("<1><2>");
    press(".", ".");
    await shows("<1><2><3><4>");
    press("6", "0", "0", "G");
    await shows("<1><2><3><4><5><6>");
    press("G");
    await shows("<9>");
    await shows("status 0");
  });

  test("speed: 16 times as fast, and back to normal", async () => {
    writeFileSync(file, message({ id: 1, timing: ">3+4000>3+100000>3", out: "<1><2><3>" }));
    await type(`${program} ${file}`);
    await shows("<1>");
    press("}", "}", "}", "}", "}");
    await shows("<1><2>");
    press("BSpace", "{", ".");
    await shows("<1><2><3>");
  });

  test("pause and go on", async () => {
    writeFileSync(file, message({ id: 1, timing: ">3+300>3", out: "<1><2>" }));
    await type(`${program} --paused ${file}; echo "status $?"`);
    press(".");
    await shows("<1>");
    press("p");
    await shows("<1><2>");
    await shows("status 0");
  });

  test.each([
    ["q", "status 0"],
    ["C-c", "status 130"],
    ["C-\\", "status 131"],
  ])("%s leaves, and the terminal is as before", async (key, status) => {
    writeFileSync(file, slow(3));
    await type(`stty -a > ${folder}/before; ${program} ${file}`);
    await shows("<1>");
    press(key);
    await until(() => screen().trimEnd().endsWith("ready>"), screen);
    press("-l", `echo "status $?"; stty -a | cmp - ${folder}/before && echo alike`);
    press("Enter");
    await shows(status);
    await shows("\nalike");
  });

  test("--persist ignores what would leave", async () => {
    writeFileSync(file, slow(3));
    await type(`${program} --persist ${file}; echo "status $?"`);
    await shows("<1>");
    press("q", "C-c", "C-\\", "C-z", ".");
    await shows("<1><2>");
    press("G");
    await shows("status 0");
  });

  test("^Z gives the terminal back, fg plays on", async () => {
    writeFileSync(file, slow(4));
    await type(`stty -a > ${folder}/before; ${program} ${file}`);
    await shows("<1>");
    press("C-z");
    await shows("Stopped");
    press("-l", `stty -a | cmp - ${folder}/before && echo alike`);
    press("Enter");
    await shows("\nalike");
    press("-l", "fg");
    press("Enter");
    await until(() => screen().startsWith("<1>"), screen);
    press(".");
    await shows("<2>");
    press("q");
  });

  test("a signal from elsewhere gives the terminal back", async () => {
    writeFileSync(file, slow(3));
    await type(`stty -a > ${folder}/before; ${program} ${file}; stty -a | cmp - ${folder}/before && echo alike`);
    await shows("<1>");
    const pid = tmux("display-message", "-p", "#{pane_pid}").trim();
    const child = execFileSync("pgrep", ["-P", pid]).toString();
    process.kill(Number(child), "SIGTERM");
    await shows("alike");
  });

  test("the terminal's answers are no keys", async () => {
    // Device attributes, cursor position, terminal name: each answer has characters that are keys.
    const queries = "\u001b[c\u001b[>c\u001b[6n\u001b[>q\u001b]11;?\u0007";
    const out = `<1>${queries}<2><3>`;
    writeFileSync(file, message({ id: 1, timing: `>${3 + queries.length}+300>3+100000>3`, out }));
    await type(`${program} --unsafe-raw ${file}; echo "status $?"`);
    await shows("<2>");
    press("-l", "x");
    expect(screen()).not.toContain("<3>");
    press(".");
    await shows("<3>");
    await shows("status 0");
    expect(screen()).not.toContain("ready> 1");
  });

  test("keys come from the terminal while the recording comes from standard input", async () => {
    writeFileSync(file, slow(3));
    await type(`cat ${file} | ${program} -; echo "status $?"`);
    await shows("<1>");
    press(".");
    await shows("<1><2>");
    press("q");
    await shows("status 0");
  });

  test("line feeds of a recording move down only", async () => {
    writeFileSync(file, message({ id: 1, timing: ">5", out: "ab\nc\r" }));
    await type(`clear; ${program} --unsafe-raw ${file}`);
    await until(() => screen().startsWith("ab\n  c\n"), screen);
  });

  test("colours and a hidden cursor do not outlive the playing", async () => {
    writeFileSync(file, message({ id: 1, timing: ">14", out: "\u001b[31m\u001b[?25l<1>" }));
    await type(`${program} --unsafe-raw ${file}; echo "status $?"`);
    await shows("status 0");
    expect(tmux("display-message", "-p", "#{cursor_flag}").trim()).toBe("1");
    expect(tmux("capture-pane", "-p", "-e")).not.toMatch(/\u001b\[31m[^\u001b]*status/);
  });
});

describe.skipIf(!has("tmux"))("following", () => {
  test("shows what is appended, waits for the rest of a line, and ends with the recording", async () => {
    writeFileSync(file, message({ id: 1, timing: ">3", out: "<1>", start }));
    await type(`${program} --follow ${file}; echo "status $?"`);
    await shows("<1>");
    appendFileSync(file, message({ id: 2, pos: 10, timing: ">3", out: "<2>" }));
    await shows("<1><2>");
    const third = message({ id: 3, pos: 20, timing: ">3", out: "<3>" });
    appendFileSync(file, third.slice(0, 50));
    appendFileSync(file, third.slice(50));
    await shows("<1><2><3>");
    appendFileSync(file, message({ id: 4, pos: 30, timing: "", end: endOf(4) }));
    await shows("status 0");
  });

  test("another format is not held back", async () => {
    writeFileSync(file, message({ id: 1, timing: ">3", out: "<1>", start }));
    await type(`${program} --follow --format raw ${file} | cat; echo "status \${PIPESTATUS[0]}"`);
    await shows("<1>");
    appendFileSync(file, message({ id: 2, pos: 10, timing: ">3", out: "<2>", end: endOf(2) }));
    await shows("<1><2>");
    await shows("status 0");
  });

  test("q leaves while nothing comes", async () => {
    writeFileSync(file, message({ id: 1, timing: ">3", out: "<1>", start }));
    await type(`${program} --follow ${file}; echo "status $?"`);
    await shows("<1>");
    press("q");
    await shows("status 0");
  });
});
