import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSame } from "../test/harness/screen.ts";
import { Encoder } from "./format/encoder.ts";
import type { Item } from "./format/item.ts";
import { forgetKept, makeRoom } from "./kept-name.ts";
import { KeptTimeline } from "./kept-timeline.ts";
import { MessageFile } from "./message-file.ts";
import { Timeline } from "./play/timeline/timeline.ts";
import { Selection } from "./reader/selection.ts";

let folder: string;
let recording: string;
let index: string;
let cache: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-kept-"));
  mkdirSync(join(folder, "recordings"), { mode: 0o700 });
  recording = join(folder, "recordings/a.jsonl");
  index = `${recording}.idx`;
  cache = join(folder, "cache/rec-session");
  writeFileSync(recording, lines("one", 5_000_000));
});
afterEach(() => rmSync(folder, { recursive: true }));

const environment = (name: string) => (name === "XDG_CACHE_HOME" ? join(folder, "cache") : undefined);

function lines(rec: string, bytes: number): Buffer {
  const parts: Uint8Array[] = [];
  const identity = { host: "h", rec, user: "u", term: "xterm", session: 1 };
  const encoder = new Encoder(identity, { payloadBytes: 20_000, startedMs: 0, originMs: 0 }, ({ line }) => {
    parts.push(line.slice());
    return true;
  });
  encoder.window(80, 24, 0);
  for (let at = 0; at < bytes; at += 100) encoder.output(Buffer.from(`${at} ${"x".repeat(90)}\r\n`), at / 100);
  encoder.end({ exit: 0, signal: null, inBytes: 0, outBytes: bytes, durationMs: bytes }, bytes / 100);
  return Buffer.concat(parts);
}

interface Opened {
  readonly timeline: Timeline;
  readonly selection: Selection;
  readonly wasKept: boolean;
  readonly notes: readonly string[];
}

/** As the player does: what is kept is used, else it is built and kept. */
async function open(wanted?: string): Promise<Opened> {
  const selection = new Selection(wanted);
  const file = await MessageFile.open(recording, selection);
  if (file === null) throw new Error("it is a file");
  const kept = new KeptTimeline(file, recording, wanted, environment);
  const contents = await kept.load(selection);
  const notes: string[] = [];
  const note = (item: Item) => notes.push(item.kind);
  const timeline = new Timeline(file, contents === null ? { note } : { note, contents });
  await timeline.build();
  const built = timeline.contents();
  if (built !== null) await kept.save(built, selection);
  return { timeline, selection, wasKept: contents !== null, notes };
}

describe("what is known of a large recording", () => {
  test("is kept beside it, and is the same again", async () => {
    const first = await open();
    expect(first.wasKept).toBe(false);
    expect(statSync(index).mode & 0o777).toBe(0o600);
    expect(statSync(join(cache, "key")).mode & 0o777).toBe(0o600);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    const again = await open();
    expect(again.wasKept).toBe(true);
    expect(again.notes).toEqual(first.notes);
    expect(again.selection.rec).toBe("one");
    const known = ({ timeline }: Opened) => [timeline.lengthMs, timeline.packets, timeline.marks, timeline.head];
    expect(known(again)).toEqual(known(first));
    for (const atMs of [0, 10_000, 33_333, 50_000]) {
      const [one, other] = [await first.timeline.seek({ atMs }), await again.timeline.seek({ atMs })];
      if (one === null || other === null) throw new Error("nothing aborts it");
      expect(isSame(one.emulator, other.emulator)).toBe(true);
      expect(other.cursor.packets).toBe(one.cursor.packets);
    }
  });

  test("is kept in the cache where others may write to the folder", async () => {
    chmodSync(join(folder, "recordings"), 0o777);
    await open();
    expect(readdirSync(join(folder, "recordings"))).toEqual(["a.jsonl"]);
    expect(readdirSync(cache)).toHaveLength(2);
    expect((await open()).wasKept).toBe(true);
  });

  test("goes from the cache with its recording, whichever of a file it is of, and no other's", async () => {
    chmodSync(join(folder, "recordings"), 0o777);
    await open();
    await open("one");
    const other = join(cache, `${"0".repeat(40)}-x.idx`);
    writeFileSync(other, "");
    expect(readdirSync(cache)).toHaveLength(4);
    forgetKept([join(folder, "recordings/../recordings/a.jsonl")], environment);
    expect(readdirSync(cache).sort()).toEqual([basename(other), "key"]);
    forgetKept([recording], () => "/nonexistent");
  });

  test("is kept for each recording of a file", async () => {
    writeFileSync(recording, Buffer.concat([lines("one", 3_000_000), lines("two", 3_000_000)]));
    expect((await open("one")).selection.others).toEqual([]);
    expect((await open("two")).wasKept).toBe(false);
    const again = await open("two");
    expect([again.wasKept, again.selection.rec]).toEqual([true, "two"]);
    rmSync(index);
    const any = await open();
    expect(any.selection.others).toEqual(["two"]);
    expect((await open()).selection.others).toEqual(["two"]);
  });

  test("is not kept of a small recording, nor without a home", async () => {
    writeFileSync(recording, lines("one", 100_000));
    await open();
    expect(readdirSync(join(folder, "recordings"))).toEqual(["a.jsonl"]);
    expect(readdirSync(folder)).toEqual(["recordings"]);
  });
});

describe("what is kept is not believed", () => {
  const changes: [string, () => void][] = [
    ["when the recording grew", () => appendFileSync(recording, lines("one", 100))],
    [
      "when it was changed and its time put back",
      () => {
        const { atime, mtime } = statSync(recording);
        const bytes = readFileSync(recording);
        bytes.write("yyyy", bytes.indexOf("xxxx", 2_000_000));
        writeFileSync(recording, bytes);
        utimesSync(recording, atime, mtime);
      },
    ],
    [
      "when another file took its place",
      () => {
        copyFileSync(recording, `${recording}.new`);
        renameSync(`${recording}.new`, recording);
      },
    ],
    ["when a byte of it differs", () => flip(0.5)],
    ["when its seal differs", () => flip(0)],
    ["when it was cut short", () => writeFileSync(index, readFileSync(index).subarray(0, -1))],
    ["when it is empty", () => writeFileSync(index, "")],
    ["when others may write it", () => chmodSync(index, 0o620)],
    [
      "when it is a link",
      () => {
        renameSync(index, join(folder, "elsewhere"));
        symlinkSync(join(folder, "elsewhere"), index);
      },
    ],
    [
      "when it was made with another key",
      () => {
        renameSync(join(folder, "cache"), join(folder, "other"));
      },
    ],
    ["when others may read the key", () => chmodSync(join(cache, "key"), 0o644)],
    [
      "when it was copied with its recording",
      () => {
        const copy = join(folder, "copy");
        cpSync(join(folder, "recordings"), copy, { recursive: true, preserveTimestamps: true });
        rmSync(join(folder, "recordings"), { recursive: true });
        renameSync(copy, join(folder, "recordings"));
      },
    ],
  ];

  function flip(place: number): void {
    const bytes = readFileSync(index);
    const at = Math.floor(place * bytes.length);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(index, bytes);
  }

  test.each(changes)("%s", async (_, change) => {
    await open();
    expect((await open()).wasKept).toBe(true);
    change();
    expect((await open()).wasKept).toBe(false);
  });
});

test("a recording that grows while it is read is not kept", async () => {
  const selection = new Selection();
  const file = await MessageFile.open(recording, selection);
  if (file === null) throw new Error("it is a file");
  const kept = new KeptTimeline(file, recording, undefined, environment);
  const timeline = new Timeline(file);
  const building = timeline.build();
  appendFileSync(recording, lines("one", 100));
  await building;
  const contents = timeline.contents();
  if (contents === null) throw new Error("it is complete");
  await kept.save(contents, selection);
  expect(readdirSync(join(folder, "recordings"))).toEqual(["a.jsonl"]);
});

test("what a reader keeps in his cache has room: what he used longest ago goes", async () => {
  chmodSync(join(folder, "recordings"), 0o777);
  await open();
  await open("one");
  const kept = readdirSync(cache).filter((name) => name.endsWith(".idx"));
  expect(kept).toHaveLength(2);
  const names = [...kept, "third.idx", "key"];
  writeFileSync(join(cache, "third.idx"), Buffer.alloc(1000));
  for (const [at, name] of names.entries()) utimesSync(join(cache, name), 1000 + at, 1000 + at);
  const bytes = (): number => readdirSync(cache).reduce((sum, name) => sum + statSync(join(cache, name)).size, 0);
  makeRoom(cache, bytes());
  expect(readdirSync(cache).sort()).toEqual([...names].sort());
  // The first is used again, which makes the second the oldest.
  expect((await open()).wasKept).toBe(true);
  const used = kept.find((name) => statSync(join(cache, name)).mtimeMs > 2_000_000);
  makeRoom(cache, statSync(join(cache, used ?? "")).size + 1000);
  expect(readdirSync(cache).sort()).toEqual(["key", "third.idx", used].sort());
  makeRoom(cache, 0);
  expect(readdirSync(cache)).toEqual(["key"]);
  makeRoom(join(cache, "gone"));
});
