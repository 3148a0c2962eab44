/** What rec-play keeps of a large recording: made, used, made anew, and nothing believed that others could have made. */
import { createHmac } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Tmux } from "../harness/tmux.ts";
import { endOf, has, message, program, start, until } from "./play-program.ts";

const perMessage = 200;
const messages = 300;
const sealBytes = 32;

let folder: string;
let recordings: string;
let file: string;
let index: string;
let cache: string;
let terminal: Tmux;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-kept-"));
  recordings = join(folder, "recordings");
  file = join(recordings, "a.jsonl");
  index = `${file}.idx`;
  cache = join(folder, "cache/rec-session");
  mkdirSync(recordings, { mode: 0o700 });
  writeFileSync(file, lines(1, messages));
  terminal = new Tmux(folder);
});

afterEach(() => {
  terminal.end();
  rmSync(folder, { recursive: true });
});

/** Lines with their moment, ten milliseconds apart, some 20 kB a message: what is smaller than 4 MiB is not kept. */
function lines(first: number, count: number): string {
  return Array.from({ length: count }, (_, number) => {
    const id = first + number;
    const pos = (id - 1) * perMessage * 10;
    const shown = Array.from({ length: perMessage }, (_, line) => `at ${pos + line * 10} ${"x".repeat(68)}\r\n`);
    const timing = shown.map((text) => `>${text.length}`).join("+10");
    return message({ id, pos, timing, out: shown.join(""), ...(id === 1 ? { start } : {}) });
  }).join("");
}

const end = (first: number): string => message({ id: first, timing: "", end: endOf(first) });

/** The file's number: another one took its place when it is another. */
const made = (): bigint | null => (existsSync(index) ? lstatSync(index, { bigint: true }).ino : null);

let count = 0;

/** Plays from a moment, paused; leaves when the screen and the length are right, and `isKept` holds. */
async function play(length: string, isKept: () => boolean): Promise<void> {
  const command = `clear; XDG_CACHE_HOME=${folder}/cache ${program} -p --lax -g 300 ${file}; clear; echo "left $((${++count}))"`;
  if (count === 1) await terminal.run(command, 100);
  else {
    terminal.press("-l", command);
    terminal.press("Enter");
  }
  await terminal.shows(`0:05:00.000 / ${length}  x1`);
  const last = () => terminal.screen.split("\n").findLast((row) => row.startsWith("at "));
  await until(
    () => last() === `at 300000 ${"x".repeat(68)}`,
    () => `its moment on\n${terminal.screen}`,
  );
  await until(isKept, () => "what is kept");
  terminal.press("q");
  await terminal.shows(`left ${count}`);
}

const whole = "0:09:59.990";

/** Makes the index, and shows that the next start uses it: it is not made again. */
async function playTwice(): Promise<bigint | null> {
  count = 0;
  await play(whole, () => existsSync(index));
  const first = made();
  await play(whole, () => true);
  expect(made()).toBe(first);
  return first;
}

/** The index with another length in it, sealed with that key. */
function lie(key: Buffer): void {
  const sealed = readFileSync(index).subarray(sealBytes);
  const headBytes = sealed.readUInt32LE(0);
  const head = sealed.toString("utf8", 4, 4 + headBytes).replace('"lengthMs":599990', '"lengthMs":899990');
  expect(Buffer.byteLength(head)).toBe(headBytes);
  sealed.write(head, 4);
  writeFileSync(index, Buffer.concat([createHmac("sha256", key).update(sealed).digest(), sealed]));
}

describe.skipIf(!has("tmux"))("what is kept of a recording", () => {
  test("is beside it, the reader's alone, and is what the next start goes by", async () => {
    await playTwice();
    expect(lstatSync(index).mode & 0o777).toBe(0o600);
    expect(readdirSync(recordings).sort()).toEqual(["a.jsonl", "a.jsonl.idx"]);
    // Only who believes it tells a length that the recording does not have.
    const first = made();
    lie(readFileSync(join(cache, "key")));
    await play("0:14:59.990", () => true);
    expect(made()).toBe(first);
  });

  test("is in the cache where others may write beside the recording", async () => {
    count = 0;
    chmodSync(recordings, 0o777);
    const kept = () => (existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith(".idx")) : []);
    await play(whole, () => kept().length === 1);
    const path = join(cache, kept()[0] as string);
    const before = lstatSync(path, { bigint: true });
    await play(whole, () => true);
    expect(lstatSync(path, { bigint: true }).ino).toBe(before.ino);
    expect([readdirSync(recordings), before.mode & 0o777n]).toEqual([["a.jsonl"], 0o600n]);
  });
});

describe.skipIf(!has("tmux"))("is made anew", () => {
  const isRoot = process.getuid?.() === 0;
  const cases: readonly [string, () => void, length?: string][] = [
    ["when the recording has grown", () => appendFileSync(file, lines(messages + 1, 10)), "0:10:19.990"],
    ["when it has come to its end", () => appendFileSync(file, end(messages + 1))],
    ["when it was changed", () => writeFileSync(file, readFileSync(file, "latin1").replace("at 299990", "at 29999O"))],
    ["when it was cut short", () => writeFileSync(index, readFileSync(index).subarray(0, -1))],
    ["when there is nothing in it", () => writeFileSync(index, "")],
    ["when somebody sealed it with a key of his", () => lie(Buffer.alloc(32, 7))],
    ["when a byte in it is another", () => flip()],
    ...(isRoot ? [["when it is somebody else's", () => chownSync(index, 65_534, 65_534)] as [string, () => void]] : []),
    ["when others may write it", () => chmodSync(index, 0o666)],
  ];

  function flip(): void {
    const bytes = readFileSync(index);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(index, bytes);
  }

  test.each(cases)("%s", async (_, change, length = whole) => {
    const first = await playTwice();
    change();
    await play(length, () => made() !== first);
    const { mode, uid } = lstatSync(index);
    expect([mode & 0o777, uid]).toEqual([0o600, process.getuid?.()]);
    const again = made();
    await play(length, () => true);
    expect(made()).toBe(again);
  });

  test.each([
    ["a link to an index", () => readFileSync(index)],
    ["a link to a file of the reader's", () => Buffer.from("precious")],
  ])("in the place of %s, which stays as it is", async (_, contentOf) => {
    await playTwice();
    const content = contentOf();
    const target = join(folder, "target");
    renameSync(index, target);
    writeFileSync(target, content);
    symlinkSync(target, index);
    await play(whole, () => !lstatSync(index).isSymbolicLink());
    expect(lstatSync(index).isFile()).toBe(true);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  test("elsewhere, when a folder is in its place", async () => {
    count = 0;
    mkdirSync(index);
    await play(whole, () => existsSync(cache) && readdirSync(cache).some((name) => name.endsWith(".idx")));
    expect(readdirSync(index)).toEqual([]);
  });
});
