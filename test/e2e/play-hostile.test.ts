import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forbidden, hostile } from "../harness/hostile.ts";
import { Session, until } from "../harness/session.ts";
import { message, program, rec, run, start } from "./play-program.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-hostile-"));
  file = join(folder, "recording.log");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A message whose output, and every name in it, is that; bytes that are no text as tlog writes them. */
function recording(bytes: Uint8Array, name: string): string {
  const text = Buffer.from(bytes);
  const isText = Buffer.from(text.toString()).equals(text);
  const out = isText
    ? { timing: `=60x10>${[...text.toString()].length}+100>4`, out_txt: `${text}here`, out_bin: [] }
    : { timing: `=60x10]0/${text.length}+100>4`, out_txt: "here", out_bin: [...text] };
  const identity = { ver: "2.3", host: name, rec, user: name, term: name, session: 1, id: 1, pos: 0 };
  const begin = { ...start, command: [name], tty: name };
  return `${JSON.stringify({ ...identity, time: 1795297383, in_txt: "", in_bin: [], ...out, start: begin })}\n`;
}

/** All that the player writes to its terminal until it ends, beside what is told on standard error. */
async function played(...args: string[]): Promise<Buffer> {
  const session = new Session({
    args: [program, ...args],
    stdio: ["terminal", "terminal", "pipe"],
    isRaw: true,
    environment: { TERM: "xterm-256color" },
  });
  await session.exited;
  return session.shown;
}

describe("work without end", () => {
  test("is told, the text is there, and it comes to an end", async () => {
    const resets = "\u001bc".repeat(40_000);
    const out = `first\r\n${resets}\u001b[H\u001b[2Jsecret one\u001b[H\u001b[2Jsecret two`;
    writeFileSync(file, recording(Buffer.from(out), "alice").replace("=60x10", "=1000x250"));
    const { status, stdout, stderr } = await run(["--format=text", file]);
    const text = stdout.toString();
    expect(text.split("\n").filter((line) => line !== "")).toEqual(["first", "secret one", "secret twohere"]);
    expect(stderr.toString()).toContain("too much work");
    expect(status).toBe(3);
    // Its first letter may stand there already.
    expect((await played("--idle-limit=0", "--lax", file)).toString("latin1")).toContain("nexact");
  });
});

test("memory has an end where a sequence has none", async () => {
  const text = `\u001b]0;${"x".repeat(60_000)}`;
  writeFileSync(file, "");
  for (let id = 1; id <= 1000; id++) appendFileSync(file, message({ id, timing: `>${text.length}`, out: text }));
  const player = spawn(program, ["--format=text", "--lax", file], { stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => player.on("exit", resolve));
  const peaks: number[] = [];
  const timer = setInterval(() => peaks.push(peakMegabytes(player.pid ?? 0)), 20);
  expect(await ended).toBe(0);
  clearInterval(timer);
  expect(peaks.length).toBeGreaterThan(5);
  expect(Math.max(...peaks)).toBeLessThan(300);
});

/** The most memory that the process ever had; 0 when it is gone. */
function peakMegabytes(pid: number): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}

describe("what reaches the auditor's terminal", () => {
  test("is nothing of a catalogue of hostile sequences, nor of names that hold them", async () => {
    const parts = hostile.flatMap(([, bytes]) => [Buffer.from(bytes), Buffer.from("\u0018\u001b\\\u001bc\r\n")]);
    const names = hostile.map(([, bytes]) => Buffer.from(bytes).toString().slice(0, 12)).join("");
    writeFileSync(file, recording(Buffer.concat(parts), names));
    const shown = await played("--idle-limit=0", "--lax", file);
    expect(shown.length).toBeGreaterThan(200);
    expect(forbidden(shown)).toBe(null);
  });

  test("is nothing of those that have no end, nor of bytes that are no text", async () => {
    for (const [name, bytes] of hostile.filter(([title]) => /without an end|bytes|UTF-8|half/.test(title))) {
      writeFileSync(file, recording(bytes, "alice"));
      expect(forbidden(await played("--lax", file)), name).toBe(null);
    }
  });

  test("is every byte, where that is asked for", async () => {
    const bytes = Buffer.from("\u001b]0;title\u0007\u001b[6n");
    writeFileSync(file, recording(bytes, "alice"));
    expect((await played("--unsafe-raw", "--lax", file)).includes(bytes)).toBe(true);
    const { stdout } = await run(["--lax", file]);
    expect(stdout.toString()).toBe(`${bytes}here`);
  });

  test("a terminal that cannot be drawn on is told of", async () => {
    writeFileSync(file, recording(Buffer.from("x"), "alice"));
    const session = new Session({ args: [program, file], environment: { TERM: "dumb" } });
    expect(await session.exited).toMatchObject({ exit: 1 });
    expect(session.shownText).toContain("nothing can be drawn on it: TERM is dumb");
  });
});

describe("the terminal", () => {
  const [opened, closed] = ["\u001b[?1049h", "\u001b[?1049l"];
  const slow = () => recording(Buffer.from("\u001b[31mred\u001b[0m"), "alice").replace("+100>", "+100000>");

  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const)("is its own again after %s", async (signal) => {
    writeFileSync(file, slow());
    const session = new Session({ args: [program, file], environment: { TERM: "xterm" } });
    await session.sees("red");
    expect(session.isTerminalRaw).toBe(true);
    session.kill(signal);
    expect(await session.exited).toMatchObject({ exit: null });
    expect(session.isTerminalRaw).toBe(false);
    expect(session.shownText.lastIndexOf(closed)).toBeGreaterThan(session.shownText.lastIndexOf(opened));
  });

  test("is stopped and goes on: given back, taken again, painted again", async () => {
    writeFileSync(file, slow());
    const session = new Session({ args: [program, file], environment: { TERM: "xterm" } });
    await session.sees("red");
    session.kill("SIGTSTP");
    await until(() => session.state === "T", "the stop");
    expect(session.isTerminalRaw).toBe(false);
    session.kill("SIGCONT");
    await until(() => session.shownText.split(opened).length === 3, "the screen again");
    await until(() => session.shownText.split("red").length >= 3, "the picture again");
    session.type("q");
    await session.exited;
  });

  test("changes its size", async () => {
    writeFileSync(file, slow());
    const session = new Session({ args: [program, file], environment: { TERM: "xterm" } });
    await session.sees("\u001b[24;1H");
    session.resize(100, 30);
    session.kill("SIGWINCH");
    await session.sees("\u001b[30;1H");
    session.type("q");
    await session.exited;
  });

  test("keeps the last screen, as lines", async () => {
    writeFileSync(file, recording(Buffer.from("\u001b[31mred\u001b[0m\r\n\u6f22 "), "alice"));
    const shown = (await played("--lax", file)).toString();
    const left = shown.slice(shown.lastIndexOf(closed) + closed.length);
    expect(left).toBe("\u001b[0;31mred\u001b[0m\r\n\u6f22 here\r\n");
  });
});

describe("where playing begins and ends", () => {
  const packets = ["<1>", "<2>", "<3>"];
  const three = () =>
    `${JSON.stringify({ ver: "2.3", host: "h", rec, user: "u", term: "xterm", session: 1, id: 1, pos: 0, time: 1795297383, timing: `=60x10${packets.map((text) => `>${text.length}`).join("+60000")}`, in_txt: "", in_bin: [], out_txt: packets.join(""), out_bin: [] })}\n`;

  test.each([
    [["-g", "-30", "--until", "0"], ""],
    [["--goto=-30", "--idle-limit=0"], "<1><2><3>"],
    [["--until", "-61", "--idle-limit=0"], "<1>"],
    [["--until", "60", "--idle-limit=0"], "<1><2>"],
    [["--start-at-match", "<2>", "--until", "90", "--idle-limit=0"], "<1><2>"],
  ])("%j, into a pipe", async (args, expected) => {
    writeFileSync(file, three());
    const { stdout, stderr, status } = await run([...args, file]);
    expect([stdout.toString(), stderr, status]).toEqual([expected || "<1>", "", 0]);
  });

  test("what the screen never shows is told, as is what is no expression", async () => {
    writeFileSync(file, three());
    expect(await run(["--start-at-match", "nowhere", file])).toMatchObject({
      status: 1,
      stderr: "rec-play: cannot start where the screen shows nowhere: it never does\n",
    });
    expect(await run(["--start-at-match", "(", file])).toMatchObject({ status: 2 });
    expect(await run(["-g", "-x", file])).toMatchObject({ status: 2 });
  });

  test("on a terminal", async () => {
    writeFileSync(file, three());
    const session = new Session({
      args: [program, "-p", "--start-at-match", "<2>", file],
      environment: { TERM: "xterm" },
    });
    await session.sees("0:01:00.000 / 0:02:00.000");
    session.type("q");
    expect(await session.exited).toMatchObject({ exit: 0 });
  });
});
