import { type ChildProcessByStdio, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { Flow } from "./flow.ts";
import { native } from "./native.ts";
import { type Judge, Passage } from "./passage.ts";
import { PollSet } from "./poll-set.ts";
import { Sink } from "./sink.ts";
import { again } from "./system.ts";

function pipe(): [number, number] {
  const ends = new Int32Array(2);
  native.pipe(ends);
  const [read = -1, write = -1] = ends;
  native.setNonblocking(read);
  onTestFinished(() => {
    for (const fd of ends) native.closeDescriptor(fd);
  });
  return [read, write];
}

function written(fd: number): string {
  const bytes = Buffer.alloc(1 << 17);
  const count = native.read(fd, bytes, 0, bytes.length);
  return count === again ? "" : bytes.toString("latin1", 0, count);
}

function say(fd: number, text: string): void {
  expect(native.write(fd, Buffer.from(text), 0, text.length)).toBe(text.length);
}

/** A transfer between pipes, and what its judge was told. */
class Bench {
  readonly client = pipe();
  readonly program = pipe();
  readonly answers = pipe();
  readonly user = pipe();
  readonly room = Buffer.alloc(1 << 17);
  /** By a clock that stands still until the addon counts: what a busy machine takes before does not count. */
  dueMs = 60_000;
  judges = true;
  readonly input: Flow;
  readonly output: Flow;
  readonly passage: Passage;
  /** What the judge's last look told. */
  told: Uint8Array = new Uint8Array();
  /** How much went on after a look that told the same, and how much the judge was asked about. */
  cleared = 0;
  asked = 0;

  constructor() {
    const sinks = [new Sink(native, this.program[1], true), new Sink(native, this.user[1], false)] as const;
    const [from, answers] = [this.client[0], this.answers[0]];
    this.input = new Flow(native, { from, to: sinks[0], kind: "input", closesSink: true, isUnseen: true });
    this.output = new Flow(native, { from: answers, to: sinks[1], kind: "output", closesSink: true });
    const bench = this;
    const judge: Judge = {
      get terms() {
        if (!bench.judges) return undefined;
        return { room: bench.room, place: 10, fullAt: bench.room.length / 2, dueMs: bench.dueMs };
      },
      passes: (_copied, length) => {
        bench.asked += length;
        return true;
      },
      pass: (length) => {
        bench.cleared += length;
      },
    };
    this.passage = new Passage(native, this.input, this.output, judge, () => this.told);
  }

  /** Much output, until some of it was moved and not copied. */
  flood(): void {
    this.dueMs = 1;
    const [asked, cleared, piece] = [this.asked, this.cleared, "x".repeat(65_536)];
    for (let i = 0; i < 20_000 && this.asked === asked && this.cleared === cleared; i++) {
      say(this.answers[1], piece);
      for (let count = 0; count < piece.length; ) {
        this.carry();
        this.output.write();
        count += written(this.user[0]).length;
      }
    }
  }

  carry(): { inBytes: number; output: string } | undefined {
    const passed = this.passage.carry(new PollSet(), 0, () => 0);
    return passed && { inBytes: passed.inBytes, output: Buffer.from(passed.output).toString() };
  }
}

test("input is moved and counted; output goes to the room and on, until the next is due", () => {
  const bench = new Bench();
  say(bench.client[1], "question");
  say(bench.answers[1], "answer");
  bench.dueMs = 200;
  expect(bench.carry()).toEqual({ inBytes: 8, output: "answer" });
  expect(written(bench.program[0])).toBe("question");
  expect(written(bench.user[0])).toBe("answer");
  expect(bench.room.toString("latin1", 10, 16)).toBe("answer");
  expect(bench.output.wantsRead).toBe(true);
});

test("output that comes when it is due is told before it goes on", () => {
  const bench = new Bench();
  bench.dueMs = 0;
  say(bench.answers[1], "late");
  expect(bench.carry()?.output).toBe("late");
  expect(written(bench.user[0])).toBe("");
  bench.output.write();
  expect(written(bench.user[0])).toBe("late");
});

test("a reader that takes nothing holds up the rest, which goes on from where it stood", () => {
  const bench = new Bench();
  bench.dueMs = 200;
  say(bench.user[1], "x".repeat(65_536));
  say(bench.answers[1], "first");
  expect(bench.carry()?.output).toBe("first");
  expect([bench.output.wantsRead, bench.output.wantsWrite]).toEqual([false, true]);
  say(bench.answers[1], "second");
  expect(written(bench.user[0])).toBe("x".repeat(65_536));
  bench.dueMs = 200;
  expect(bench.carry()?.output).toBe("second");
  expect(written(bench.user[0])).toBe("firstsecond");
});

test("another descriptor, the end of a stream, and what is held elsewhere, are left to who asked", () => {
  const bench = new Bench();
  const [other, wakes] = pipe();
  say(wakes, "x");
  say(bench.answers[1], "answer");
  const polls = new PollSet();
  polls.add(other, PollSet.readable);
  expect(bench.passage.carry(polls, -1, () => 0)?.output).toHaveLength(0);
  expect(bench.output.read()).toHaveLength(6);
  expect(bench.carry()).toBeUndefined();
  bench.output.write();
  native.closeDescriptor(bench.answers[1]);
  expect(bench.carry()).toEqual({ inBytes: 0, output: "" });
  expect(bench.output.isSourceOpen).toBe(true);
  bench.judges = false;
  expect([bench.passage.isOpen, bench.carry()]).toEqual([false, undefined]);
});

test("what was moved goes on before what is held, or is taken out again", () => {
  const bench = new Bench();
  const { output } = bench;
  const move = (text: string): void => {
    say(output.to.lock?.write ?? -1, text);
    output.to.moved += text.length;
  };
  move("moved");
  output.hold(Buffer.from("held"), 0, 4);
  expect([output.wantsRead, output.wantsWrite]).toEqual([false, true]);
  output.write();
  output.write();
  expect(written(bench.user[0])).toBe("movedheld");
  move("judged");
  say(output.to.lock?.write ?? -1, "fresh");
  expect(Buffer.from(output.to.takeMoved(5)).toString()).toBe("judgedfresh");
  expect(output.to.moved).toBe(0);
});

/** A shell that has begun; it is gone at the end of the test. */
async function shellOf(script: string): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  const shell = spawn("/bin/sh", ["-c", `echo; ${script}`], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => shell.once("exit", () => resolve()));
  onTestFinished(() => {
    shell.kill("SIGKILL");
    return ended;
  });
  await new Promise((resolve) => shell.stdout.once("data", resolve));
  return shell;
}

const looked = Buffer.alloc(1 << 18);

/** What a look at all that descends from here tells. */
function look(): Buffer {
  const length = native.look(process.pid, 64, looked);
  return Buffer.from(looked.subarray(0, Math.max(0, length)));
}

describe("of large output the judge is asked again when something is not as at its last look:", () => {
  test.each([
    ["a process has another program", "exec sleep 100"],
    ["the same program once more", "exec sh -c 'read x; exit'"],
    ["a process has come", "sleep 9 & wait"],
    ["a process that came and went", "sh -c 'ls >&2; exit'; read x"],
    ["its arguments", `exec sh -c 'read x; exit' other`],
    ["a signal that is ignored", "trap '' USR1; read x"],
    ["one that is gone", "kill -KILL $$"],
  ])("%s", async (_, changes) => {
    const bench = new Bench();
    const shell = await shellOf(`read x; ${changes}; exit`);
    bench.told = look();
    for (let i = 0; i < 3; i++) bench.flood();
    expect([bench.asked, bench.cleared > 0]).toEqual([0, true]);
    shell.stdin.write("\n");
    await expect.poll(() => look().equals(bench.told)).toBe(false);
    const { cleared } = bench;
    // Files that stayed open from the looks before.
    for (let i = 0; i < 3; i++) bench.flood();
    expect([bench.asked > 0, bench.cleared]).toEqual([true, cleared]);
  });
});

/** The processes whose folders a look has left open. */
function keptProcesses(): string[] {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return links.filter((link) => /^\/proc\/\d+$/.test(link));
}

describe("between looks the files of /proc stay open", () => {
  function limitOpenFiles(soft: number): void {
    execFileSync("prlimit", [`--pid=${process.pid}`, `--nofile=${soft}:`], { stdio: "ignore" });
  }

  test.each([
    ["of four processes", 100, 4],
    ["of one where the limit of open files leaves fourteen to others", 15, 1],
    ["of none where it leaves less", 14, 0],
  ])("%s", async (_, room, kept) => {
    const bench = new Bench();
    await shellOf("for i in 1 2 3 4 5; do sleep 9 & done; wait");
    await expect.poll(() => look().toString("latin1").split("sleep\x009").length).toBe(6);
    // What is opened once is open then.
    bench.flood();
    bench.asked = 0;
    limitOpenFiles(1024);
    bench.told = look();
    const lowest = openSync("/dev/null", "r");
    closeSync(lowest);
    expect(keptProcesses()).toEqual([]);
    limitOpenFiles(lowest + room);
    try {
      for (let i = 0; i < 3; i++) bench.flood();
      expect(keptProcesses()).toHaveLength(kept);
    } finally {
      // Closes them: prlimit needs some.
      look();
      limitOpenFiles(1024);
    }
    expect([bench.asked, bench.cleared > 0]).toEqual([0, true]);
  });
});
