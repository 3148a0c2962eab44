/** The exemption: what passes unrecorded, and what a doubt brings into the recording after all. */
import { expect, test } from "vitest";
import type { Transfer } from "../format/message.ts";
import { Exemption } from "./exemption.ts";
import { type Content, contentOf, isDoubtful, type Sight } from "./sight.ts";

class Streams {
  recorded = "";
  passed: [number, number] = [0, 0];
  transfers: Transfer[] = [];
  output(bytes: Uint8Array): void {
    this.recorded += Buffer.from(bytes).toString();
  }
  input(): void {}
  pass(inBytes: number, outBytes: number): void {
    this.passed = [this.passed[0] + inBytes, this.passed[1] + outBytes];
  }
  transferred(transfer: Transfer): void {
    this.transfers.push(transfer);
  }
}

const readInto = (): void => undefined;

const sight = (processes: Record<string, string> = { "7 1": "0" }, content: Content = "all"): Sight => ({
  command: ["scp", "-t"],
  processes: new Map(Object.entries(processes)),
  content,
});

/** One byte of output a step, 100 ms apart, so that each step looks; then the end. */
function play(sights: readonly (Sight | "ended" | undefined)[], pending: readonly number[] = []): Streams {
  const streams = new Streams();
  const [left, leftPending] = [[...sights], [...pending]];
  const exemption = new Exemption(streams, {
    look: () => left.shift(),
    pending: () => leftPending.shift() ?? 0,
    readInto,
  });
  for (let i = 0; i < sights.length; i++) exemption.output(Buffer.from(String(i)), i * 100);
  exemption.output(Buffer.from("tail"), sights.length * 100 - 95);
  exemption.end();
  return streams;
}

const other = sight({ "7 1": "0", "8 1": "0" });

test.each([
  ["what it left in the pipe", [0, 4], "0"],
  ["no more than that", [0, 3], "0tail"],
])("a program that has ended: %s", (_, pending, recorded) => {
  const { recorded: all, transfers, passed } = play([sight(), sight(), "ended"], pending);
  expect(all).toBe(recorded);
  expect(transfers).toHaveLength(1);
  expect(passed[1]).toBe(2 + (recorded === "0" ? 4 : 0));
});

test("one that has ended, and had started others: what came since the last look is recorded", () => {
  expect(play([other, other, "ended"], [0, 4]).recorded).toBe("02tail");
});

test.each([
  ["a transfer alone: what came before the first look", [sight(), sight(), sight()], "0", 1],
  ["none", [undefined, undefined, undefined], "012tail", 0],
  ["one that begins later", [undefined, sight(), sight()], "01", 1],
  [
    "one that ends: what came since the last good look, and all after it",
    [sight(), sight(), undefined, sight()],
    "023tail",
    1,
  ],
  [
    "a process that came: since the last look; and the end's rest, as it runs programs",
    [sight(), other, other],
    "01tail",
    1,
  ],
  ["a child that came and went", [sight(), sight({ "7 1": "90" }), sight({ "7 1": "90" })], "01", 1],
])("%s", (_, sights, recorded, transfers) => {
  const streams = play(sights);
  expect(streams.recorded).toBe(recorded);
  expect(streams.transfers).toHaveLength(transfers);
  const [transfer] = streams.transfers;
  const total = "tail".length + sights.length;
  expect(streams.passed[1]).toBe(total - recorded.length);
  if (transfer !== undefined) expect(transfer.outBytes).toBe(total - recorded.length);
});

/** An exemption of a session in which nothing but a transfer runs, and how often that was looked at. */
function counted() {
  const streams = new Streams();
  let looks = 0;
  const look = (): Sight => {
    looks++;
    return sight();
  };
  const exemption = new Exemption(streams, { look, pending: () => 0, readInto });
  return { exemption, streams, looks: () => looks };
}

test("what is kept for a doubt is bounded, by looks", () => {
  const { exemption, streams, looks } = counted();
  for (let i = 0; i < 300; i++) exemption.output(Buffer.alloc(65_536), 0);
  exemption.end();
  expect(looks()).toBeGreaterThan(4);
  expect(streams.passed).toEqual([0, 299 * 65_536]);
});

test("what is read to where it is kept is not copied, and stays until the next look has told", () => {
  const streams = new Streams();
  const left = [sight(), sight(), sight(), undefined];
  let place = (): number => -1;
  let room: Uint8Array = new Uint8Array();
  const exemption = new Exemption(streams, {
    look: () => left.shift(),
    pending: () => 0,
    readInto: (buffer, from) => {
      [room, place] = [buffer, from];
    },
  });
  const read = (text: string, atMs: number): void => {
    const from = place();
    room.set(Buffer.from(text), from);
    exemption.output(room.subarray(from, from + text.length), atMs);
  };
  exemption.output(Buffer.from("first"), 0);
  const places: number[] = [];
  for (const [text, atMs] of [
    ["one", 1],
    ["two", 2],
    ["three", 100],
    ["four", 101],
    ["f", 200],
    ["six", 201],
    ["seven", 202],
    ["eight", 300],
  ] as const) {
    places.push(place());
    read(text, atMs);
  }
  exemption.end();
  expect(places).toEqual([0, 3, 6, 0, 4, 0, 3, 8]);
  expect(streams.recorded).toBe("firstsixseveneight");
  expect(streams.passed).toEqual([0, "onetwothreefourf".length]);
  expect(place()).toBe(0);
});

test("what was written before the first look, or one that leaves a doubt, and is read after it, is recorded", () => {
  expect(play([sight(), sight(), sight(), sight()], [2]).recorded).toBe("012");
  expect(play([sight(), sight(), other, other, other], [0, 1]).recorded).toBe("023tail");
});

test("what is kept is decided before the next byte comes", () => {
  const streams = new Streams();
  const left = [sight(), undefined];
  const exemption = new Exemption(streams, { look: () => left.shift(), pending: () => 0, readInto });
  exemption.output(Buffer.from("a"), 0);
  expect(exemption.deadlineMs).toBeUndefined();
  exemption.output(Buffer.from("b"), 5);
  const dueMs = exemption.deadlineMs ?? 0;
  exemption.tick(dueMs - 1);
  expect(streams.recorded).toBe("a");
  exemption.tick(dueMs);
  expect(streams.recorded).toBe("ab");
  expect(exemption.deadlineMs).toBeUndefined();
});

test("what git says is recorded in its turn, the pack is not, whoever comes and goes; but all of it with another program", () => {
  const line = (text: string): string => `${(text.length + 4).toString(16).padStart(4, "0")}${text}`;
  const [said, pack, progress] = [line("NAK\n"), line("\x01PACK0123"), line("\x02done\n")];
  const run = (content: Content, last: Sight | undefined): string => {
    const streams = new Streams();
    const left = [sight({}, content), sight({ "7 1": "0", "8 1": "0" }, content), last];
    const exemption = new Exemption(streams, { look: () => left.shift(), pending: () => 0, readInto });
    exemption.output(Buffer.from(said), 0);
    exemption.output(Buffer.from(pack), 100);
    exemption.output(Buffer.from(pack.slice(0, 2)), 101);
    exemption.output(Buffer.from(line("\x014567").slice(2) + progress), 102);
    exemption.output(Buffer.from(progress), 200);
    exemption.end();
    return streams.recorded;
  };
  const half = pack.slice(0, 2);
  expect(run("pack", sight({}, "pack"))).toBe(said + half + progress + progress);
  expect(run("none", sight({}, "none"))).toContain(pack);
  expect(run("pack", undefined)).toBe(said + half + line("\x014567").slice(2) + progress + progress);
});

test("output that nobody has yet goes on unread where one look clears it and what came before, else all of it is recorded", () => {
  const run = (...last: (Sight | "ended" | undefined)[]): [Exemption, Streams, boolean[]] => {
    const streams = new Streams();
    const left = [sight(), ...last];
    const exemption = new Exemption(streams, { look: () => left.shift(), pending: () => 0, readInto });
    expect(exemption.terms).toBeUndefined();
    exemption.output(Buffer.from("a"), 0);
    exemption.output(Buffer.from("b"), 1);
    const passes = last.map((_, i) => exemption.passes(Buffer.from("c"), 5, 2 + i, () => Buffer.from("fresh")));
    return [exemption, streams, passes];
  };
  const [clear, { recorded, passed }, passes] = run(sight());
  expect([recorded, passed, passes]).toEqual(["a", [0, 7], [true]]);
  expect(clear.terms?.dueMs).toBe(22);
  for (const last of [other, undefined]) {
    const [exemption, streams, judged] = run(last);
    expect([streams.recorded, judged]).toEqual(["abcfresh", [false]]);
    expect(exemption.terms !== undefined).toBe(last !== undefined);
  }
  expect(run("ended")[2]).toEqual([true]);
  expect(run("ended")[0].terms).toBeUndefined();
  expect(run(other, "ended")[1].recorded).toBe("abcfreshcfresh");
});

test("what has gone on after a look that told nothing new is counted, and no reason to look before what came with it is told", () => {
  const { exemption, streams, looks } = counted();
  exemption.output(Buffer.from("a"), 0);
  exemption.pass(1000, 10);
  exemption.pass(1000, 200);
  exemption.end();
  expect(looks()).toBe(1);
  expect(streams.passed).toEqual([0, 2000]);
  expect(streams.transfers).toMatchObject([{ inBytes: 0, outBytes: 2000, toMs: 200 }]);
});

test("a pack is none any more where some of the stream was not read", () => {
  const streams = new Streams();
  const pack = "000dPACK0123";
  const left = [sight({}, "all"), sight({}, "all"), sight({}, "pack")];
  const exemption = new Exemption(streams, {
    look: () => left.shift() ?? sight({}, "pack"),
    pending: () => 0,
    readInto,
  });
  exemption.output(Buffer.from("0008NAK\n"), 0);
  exemption.passes(new Uint8Array(), 5, 1, () => Buffer.from("fresh"));
  exemption.output(Buffer.from(""), 100);
  exemption.output(Buffer.from(`${pack.slice(0, 4)}\x01${pack.slice(4)}`), 101);
  exemption.end();
  expect(streams.recorded).toContain("PACK0123");
});

test("input that is not recorded is counted, and told from the first look on", () => {
  const streams = new Streams();
  const exemption = new Exemption(streams, { look: () => sight(), pending: () => 0, readInto });
  for (let i = 0; i < 3; i++) exemption.passInput(1000, i);
  exemption.end();
  expect(streams.passed).toEqual([3000, 0]);
  expect(streams.transfers).toMatchObject([{ inBytes: 2000, outBytes: 0 }]);
});

test("two sights leave no doubt when nothing can have run between them", () => {
  expect(isDoubtful(sight(), sight())).toBe(false);
  expect(isDoubtful(other, sight())).toBe(true);
  expect(isDoubtful(sight(), sight({ "7 2": "0" }))).toBe(true);
  expect(isDoubtful(sight({}, "pack"), sight({ "8 1": "0" }, "pack"))).toBe(false);
  expect(isDoubtful(sight({}, "pack"), sight())).toBe(true);
});

test.each([
  ["scp -t x", "all"],
  ["scp -v -r -f -- -x", "all"],
  ["scp -S ./e x: y", undefined],
  ["scp x -t", undefined],
  ["scp -o -t -S ./e x: y", undefined],
  ["/usr/lib/openssh/sftp-server", "all"],
  ["rsync --server --sender . x", "all"],
  ["rsync --server --daemon .", undefined],
  ["rsync -e sh --server", undefined],
  ["git upload-pack x", "pack"],
  ["git-receive-pack x", "none"],
  ["git-upload-archive x", undefined],
  ["git -c alias.x=!sh x", undefined],
  ["git-shell -c x", undefined],
])("what of the output of %s is content: %s", (command, content) => {
  expect(contentOf(command.split(" "))).toBe(content);
});
