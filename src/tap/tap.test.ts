import { describe, expect, test } from "vitest";
import { copyText } from "../format/copy-text.ts";
import { Decoder } from "../format/decoder.ts";
import type { Item } from "../format/item.ts";
import type { EncodedMessage } from "../format/message.ts";
import { Timers } from "../timers.ts";
import type { Medium, Writer } from "../writer/writer.ts";
import { type BufferPolicy, Tap, type TapOptions } from "./tap.ts";

const identity = { host: "vm", rec: "b-1-2", user: "alice", term: "xterm", session: 1 };
const start = { command: ["sh"], cwd: "/", tty: null, peer: null };
const end = { exit: 0, signal: null };

/** A medium in memory that can be stopped and can fail. */
class MemoryWriter implements Writer {
  readonly name = "/memory";
  readonly lines: string[] = [];
  failure: Error | undefined;
  hurried = 0;
  flushed = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  stop(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  goOn(): void {
    this.#open();
  }

  async write(message: EncodedMessage): Promise<void> {
    await this.#gate;
    if (this.failure !== undefined) throw this.failure;
    this.lines.push(Buffer.from(message.line).toString());
  }

  hurry(): void {
    this.hurried++;
  }

  flush(): Promise<void> {
    this.flushed++;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A tap whose clock and timers stand still until they are moved. */
class Bench {
  nowMs = 1000;
  readonly timers = new Timers(() => this.nowMs);
  readonly writer = new MemoryWriter();
  readonly other = new MemoryWriter();
  readonly tap: Tap;

  constructor(options: Partial<TapOptions> = {}, media?: (bench: Bench) => Medium[]) {
    this.tap = new Tap(identity, media?.(this) ?? [{ writer: this.writer, isRequired: true }], {
      logs: { input: true, output: true, window: true },
      payloadBytes: 1000,
      latencyMs: 1000,
      bufferBytes: 10_000,
      bufferPolicy: "wait",
      admits: () => true,
      clock: () => this.nowMs,
      timers: this.timers,
      copyText,
      wallOriginMs: 1_795_297_383_000,
      ...options,
    });
  }

  /** So much output, in reads of 500 bytes. */
  output(bytes: number): void {
    for (let left = bytes; left > 0; left -= 500) this.tap.output(Buffer.alloc(Math.min(left, 500), "x"), this.nowMs);
  }

  /** The time goes on, and what is due happens. */
  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    this.timers.run(this.nowMs);
    await settle();
  }

  items(writer: MemoryWriter = this.writer): Item[] {
    const decoder = new Decoder();
    const items = writer.lines.flatMap((text, i) => decoder.decode({ text, place: `line ${i + 1}`, isWhole: true }));
    return [...items, ...decoder.finish()];
  }

  bytes(writer: MemoryWriter = this.writer): number {
    return this.items(writer).reduce((sum, item) => sum + (item.kind === "output" ? item.bytes.length : 0), 0);
  }
}

/** Lets what was resolved go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

describe("Tap", () => {
  test("the first message is on the medium before start() resolves", async () => {
    const bench = new Bench();
    await bench.tap.start(start);
    expect(bench.writer.lines.length).toBe(1);
    expect(bench.items()[0]).toMatchObject({ kind: "head", start });
  });

  test("a required medium that refuses the first message rejects start(), another does not", async () => {
    const refused = new Bench();
    refused.writer.failure = Object.assign(new Error("x"), { code: "ENOSPC", errno: -28 });
    await expect(refused.tap.start(start)).rejects.toMatchObject({
      code: "REC_FILE_WRITE",
      message: "cannot write /memory: no space left on device",
    });
    const optional = new Bench({}, ({ writer, other }) => [
      { writer, isRequired: true },
      { writer: other, isRequired: false },
    ]);
    optional.other.failure = new Error("gone");
    await optional.tap.start(start);
    expect(optional.writer.lines.length).toBe(1);
  });

  test("what was shown is due within a latency of its coming, and not at once", async () => {
    const bench = new Bench();
    await bench.tap.start(start);
    expect(bench.tap.deadlineMs).toBeUndefined();
    bench.tap.output(Buffer.from("a"), bench.nowMs);
    const due = bench.tap.deadlineMs ?? 0;
    expect(due).toBe(bench.nowMs + 800);
    bench.tap.tick(due);
    await settle();
    expect(bench.bytes()).toBe(1);
    expect(bench.tap.deadlineMs).toBeUndefined();
  });

  test.each([
    ["output", { input: true, output: false, window: true }, ["input", "window"]],
    ["input", { input: false, output: true, window: true }, ["output", "window"]],
    ["windows", { input: true, output: true, window: false }, ["input", "output"]],
  ])("%s that is not to be recorded is not, but is counted", async (_, logs, kinds) => {
    const bench = new Bench({ logs });
    await bench.tap.start(start);
    bench.tap.window(80, 24, bench.nowMs);
    bench.tap.input(Buffer.from("in"), bench.nowMs);
    bench.tap.output(Buffer.from("out"), bench.nowMs);
    await bench.tap.end(end);
    const found = new Set(bench.items().map(({ kind }) => kind));
    expect(["input", "output", "window"].filter((kind) => found.has(kind as Item["kind"]))).toEqual(kinds);
    expect(bench.items().at(-1)).toMatchObject({ kind: "end", inBytes: 2, outBytes: 3 });
  });

  test("wait: full at the bound, not full when the medium went on, nothing lost", async () => {
    const bench = new Bench();
    await bench.tap.start(start);
    bench.writer.stop();
    bench.output(5000);
    expect(bench.tap.isFull).toBe(false);
    bench.output(20_000);
    expect([bench.tap.isFull, bench.tap.mustStop]).toEqual([true, false]);
    bench.writer.goOn();
    await settle();
    expect(bench.tap.isFull).toBe(false);
    await bench.tap.end(end);
    expect(bench.bytes()).toBe(25_000);
  });

  test("drop: never full, bounded, and what is lost is told to the byte", async () => {
    const bench = new Bench({ bufferPolicy: "drop" });
    await bench.tap.start(start);
    bench.writer.stop();
    bench.output(200_000);
    expect([bench.tap.isFull, bench.tap.mustStop]).toEqual([false, false]);
    bench.writer.goOn();
    await settle();
    bench.output(300);
    await bench.tap.end(end);
    const lost = bench.items().reduce((sum, item) => sum + (item.kind === "lost" ? item.outBytes : 0), 0);
    expect(bench.bytes() + lost).toBe(200_300);
    expect(lost).toBeGreaterThan(150_000);
    expect(bench.items().some(({ kind }) => kind === "gap")).toBe(false);
    expect(bench.items().at(-1)?.kind).toBe("end");
  });

  test("stop: at the bound the session must end, takes no more, and the end tells why, also when the medium went on", async () => {
    const bench = new Bench({ bufferPolicy: "stop" });
    await bench.tap.start(start);
    bench.writer.stop();
    bench.output(5000);
    expect([bench.tap.isFull, bench.tap.mustStop]).toEqual([false, false]);
    bench.output(7000);
    expect([bench.tap.isFull, bench.tap.mustStop]).toEqual([true, true]);
    bench.writer.goOn();
    await settle();
    expect(bench.tap.mustStop).toBe(true);
    await expect(bench.tap.end(end)).rejects.toMatchObject({ code: "REC_BUFFER_FULL" });
    expect(bench.bytes()).toBe(12_000);
  });

  test.each<BufferPolicy>(["wait", "drop", "stop"])(
    "%s: a medium that is not required neither fills the buffer nor grows",
    async (bufferPolicy) => {
      const bench = new Bench({ bufferPolicy }, ({ writer, other }) => [
        { writer, isRequired: true },
        { writer: other, isRequired: false },
      ]);
      await bench.tap.start(start);
      bench.other.stop();
      for (let i = 0; i < 100; i++) {
        bench.output(1000);
        await settle();
      }
      expect([bench.tap.isFull, bench.tap.mustStop]).toEqual([false, false]);
      bench.other.goOn();
      await settle();
      await bench.tap.end(end);
      expect(bench.bytes()).toBe(100_000);
      expect(bench.bytes(bench.other)).toBeLessThan(20_000);
      expect(bench.items(bench.other).some(({ kind }) => kind === "gap")).toBe(true);
    },
  );

  test("a medium that failed is tried again, and goes on where it stopped", async () => {
    const bench = new Bench();
    await bench.tap.start(start);
    bench.writer.failure = new Error("full");
    bench.output(3000);
    await settle();
    expect(bench.writer.lines.length).toBe(1);
    bench.writer.failure = undefined;
    await bench.pass(5000);
    bench.tap.tick(bench.nowMs);
    await bench.tap.end(end);
    expect(bench.bytes()).toBe(3000);
    expect(bench.items().at(-1)).toMatchObject({ kind: "end", messages: bench.writer.lines.length });
  });

  test("the end gives a dead medium a bounded time, hurries it, and tells what failed", async () => {
    const bench = new Bench();
    await bench.tap.start(start);
    bench.writer.stop();
    const ending = bench.tap.end(end);
    const failed = expect(ending).rejects.toMatchObject({ message: "cannot write /memory: it takes no data" });
    await settle();
    await bench.pass(60_000);
    await failed;
    expect(bench.writer.hurried).toBe(1);
  });

  test("what a dead medium did not take goes elsewhere at the end, and is no failure then", async () => {
    const rest = new MemoryWriter();
    const failures: string[] = [];
    const instead = (failure: Error): Writer => {
      failures.push(failure.message);
      return rest;
    };
    const bench = new Bench({ instead });
    await bench.tap.start(start);
    bench.writer.stop();
    bench.output(3000);
    const ending = bench.tap.end(end);
    await settle();
    await bench.pass(60_000);
    expect(await ending).toEqual([]);
    expect(failures).toEqual(["cannot write /memory: it takes no data"]);
    expect(rest.flushed).toBe(1);
    const ids = [...bench.writer.lines, ...rest.lines].map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
    expect(bench.items(rest).at(-1)).toMatchObject({ kind: "end", messages: ids.length });
  });

  test("the end flushes every medium, and resolves with what others failed of", async () => {
    const bench = new Bench({}, ({ writer, other }) => [
      { writer, isRequired: true },
      { writer: other, isRequired: false },
    ]);
    await bench.tap.start(start);
    bench.other.failure = new Error("gone away");
    const ending = bench.tap.end(end);
    await settle();
    await bench.pass(60_000);
    expect((await ending).map(({ message }) => message)).toEqual(["cannot write /memory: gone away"]);
    expect([bench.writer.flushed, bench.other.flushed]).toEqual([1, 0]);
  });

  test("a medium that never syncs, or cannot, is told after a bounded time, and the others are synced", async () => {
    const bench = new Bench({}, ({ writer, other }) => [
      { writer, isRequired: false },
      { writer: other, isRequired: true },
    ]);
    await bench.tap.start(start);
    bench.writer.flush = () => new Promise(() => undefined);
    bench.other.flush = () => Promise.reject(Object.assign(new Error("x"), { code: "EIO", errno: -5 }));
    const ending = bench.tap.end(end);
    const failed = expect(ending).rejects.toMatchObject({ message: "cannot write /memory: i/o error" });
    await settle();
    await bench.pass(60_000);
    await failed;
    const patient = new Bench();
    await patient.tap.start(start);
    patient.writer.flush = () => new Promise(() => undefined);
    const waiting = patient.tap.end(end);
    const told = expect(waiting).rejects.toMatchObject({
      message: "cannot write /memory: it does not sync what it took",
    });
    await settle();
    await patient.pass(60_000);
    await told;
  });

  test("a required medium that is stuck does not keep another from being synced", async () => {
    const bench = new Bench({}, ({ writer, other }) => [
      { writer, isRequired: true },
      { writer: other, isRequired: true },
    ]);
    await bench.tap.start(start);
    bench.writer.stop();
    const failed = expect(bench.tap.end(end)).rejects.toMatchObject({ code: "REC_FILE_WRITE" });
    await settle();
    await bench.pass(60_000);
    await failed;
    expect(bench.other.flushed).toBe(1);
  });

  test("what passed in a transfer counts, and is told with the end", async () => {
    const bench = new Bench({});
    await bench.tap.start(start);
    bench.tap.pass(7, 9);
    bench.tap.transferred({ command: ["scp"], inBytes: 7, outBytes: 9, fromMs: 0, toMs: 0 });
    await bench.tap.end(end);
    const [, transfer, last] = bench.items();
    expect(transfer).toMatchObject({ kind: "transfer", inBytes: 7, outBytes: 9 });
    expect(last).toMatchObject({ kind: "end", inBytes: 7, outBytes: 9, messages: 2 });
  });

  test("what a limit does not admit is told as lost; the first and last messages are not asked for", async () => {
    const asked: number[] = [];
    const bench = new Bench({
      admits: (bytes) => {
        asked.push(bytes);
        return asked.length % 2 === 1;
      },
    });
    await bench.tap.start(start);
    bench.output(20_000);
    await bench.tap.end(end);
    const lost = bench.items().reduce((sum, item) => sum + (item.kind === "lost" ? item.outBytes : 0), 0);
    expect(lost).toBeGreaterThan(0);
    expect(bench.bytes() + lost).toBe(20_000);
    expect(bench.items().at(-1)?.kind).toBe("end");
  });

  test("lines that wait are not overwritten by later ones", async () => {
    const bench = new Bench({ payloadBytes: 64, bufferBytes: 1_000_000 }, ({ writer, other }) => [
      { writer, isRequired: true },
      { writer: other, isRequired: true },
    ]);
    await bench.tap.start(start);
    bench.other.stop();
    for (let i = 0; i < 300; i++) {
      bench.tap.output(Buffer.from(`${i} `.repeat(20)), bench.nowMs);
      if (i % 7 === 0) await settle();
    }
    bench.other.goOn();
    await bench.tap.end(end);
    expect(bench.other.lines).toEqual(bench.writer.lines);
  });
});
