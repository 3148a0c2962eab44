import { describe, expect, onTestFinished, test } from "vitest";
import { Timers } from "../timers.ts";
import type { Child, Exit } from "./child.ts";
import { Flow } from "./flow.ts";
import type { LiveSession } from "./live-session.ts";
import { type Native, native } from "./native.ts";
import { type Listener, Relay } from "./relay.ts";
import type { Signals } from "./signals.ts";
import { Sink } from "./sink.ts";

function pipe(): [number, number] {
  const ends = new Int32Array(2);
  native.pipe(ends);
  const [read = -1, write = -1] = ends;
  native.setNonblocking(read);
  return [read, write];
}

/** A relay between two pipes, with a program that ended when its output did, and all that happens in a list. */
class Bench {
  readonly happened: string[] = [];
  readonly program: [number, number] = pipe();
  readonly user: [number, number] = pipe();
  exit: Exit | undefined;
  isFull = false;
  mustStop = false;
  readonly relay: Relay;

  constructor() {
    const { happened } = this;
    const told: Native = {
      ...native,
      write: (fd, bytes, from, length) => {
        happened.push(`shown ${Buffer.from(bytes).toString("utf8", from, from + length)}`);
        return native.write(fd, bytes, from, length);
      },
    };
    const [from] = this.program;
    const [, to] = this.user;
    const flow = new Flow(native, { from, to: new Sink(told, to, true), kind: "output", closesSink: true });
    const bench = this;
    const listener: Listener = {
      output: (bytes) => happened.push(`recorded ${Buffer.from(bytes).toString()}`),
      input: () => undefined,
      passInput: () => undefined,
      window: () => undefined,
      get isFull() {
        return bench.isFull;
      },
      get mustStop() {
        return bench.mustStop;
      },
      recordsInput: true,
      deadlineMs: undefined,
      tick: () => undefined,
    };
    const [signals, unused] = pipe();
    const clock = (): number => performance.now();
    const timers = new Timers(clock);
    this.relay = new Relay({
      native,
      session: {
        flows: [flow],
        terminal: undefined,
        pty: undefined,
        releasePty: () => undefined,
      } as unknown as LiveSession,
      child: {
        poll: () => this.exit,
        hangUp: () => happened.push("hung up"),
        kill: () => happened.push("killed"),
      } as unknown as Child,
      signals: { fd: signals, take: () => [] } as unknown as Signals,
      listener,
      clock,
      timers,
    });
    // What a test turns on while the relay waits in poll().
    this.after = (ms, act) => void timers.after(ms, act);
    onTestFinished(() => {
      for (const fd of [signals, unused, this.user[0]]) native.closeDescriptor(fd);
    });
  }

  readonly after: (ms: number, act: () => void) => void;

  says(text: string): void {
    native.write(this.program[1], Buffer.from(text), 0, text.length);
  }

  ends(): void {
    this.exit = { exit: 7, signal: null };
    native.closeDescriptor(this.program[1]);
  }
}

describe("Relay", () => {
  test("a byte is recorded before it is shown", async () => {
    const bench = new Bench();
    bench.says("one");
    bench.after(20, () => {
      bench.says("two");
      bench.ends();
    });
    bench.exit = { exit: 7, signal: null };
    expect(await bench.relay.run()).toEqual({ exit: 7, signal: null, toldBy: undefined });
    expect(bench.happened).toEqual(["recorded one", "shown one", "recorded two", "shown two"]);
  });

  test("nothing is read while the tap is full, and all of it after", async () => {
    const bench = new Bench();
    bench.isFull = true;
    bench.says("late");
    bench.exit = { exit: 0, signal: null };
    bench.after(30, () => {
      bench.happened.push("room");
      bench.isFull = false;
      bench.ends();
    });
    await bench.relay.run();
    expect(bench.happened).toEqual(["room", "recorded late", "shown late"]);
  });

  test("a session that must stop is hung up, then killed, in bounded time", async () => {
    const bench = new Bench();
    bench.after(10, () => {
      bench.mustStop = true;
    });
    expect(await bench.relay.run()).toEqual({ exit: null, signal: 9, toldBy: undefined });
    expect(bench.happened).toEqual(["hung up", "killed"]);
    native.closeDescriptor(bench.program[1]);
  });
});
