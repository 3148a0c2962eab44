import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listRecordingFile, listRecordingFolder } from "./file-list.ts";
import { formatRecordingName } from "./name.ts";

const end = { exit: 0, signal: null, in: 0, out: 7, duration: 5000, messages: 2 };
const start = { command: ["sh"], cwd: "/", tty: "/dev/pts/1", peer: null };

function line(rec: string, user: string, startedMs: number, id: number, extra: object = {}): string {
  const identity = { ver: "2.3", host: "vm", rec, user, term: "xterm", session: 1, id };
  const data = {
    pos: 0,
    time: startedMs / 1000 + 0.0001,
    timing: "",
    in_txt: "",
    in_bin: [],
    out_txt: "x".repeat(70_000),
    out_bin: [],
  };
  return `${JSON.stringify({ ...identity, ...data, ...extra })}\n`;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "rec-list-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const add = (rec: string, user: string, startedMs: number, text: string): void =>
    writeFileSync(join(path, formatRecordingName({ startedMs, user, rec })), text);
  add("a-1-1", "alice", 1e12, line("a-1-1", "alice", 1e12, 1, { start }) + line("a-1-1", "alice", 1e12, 2, { end }));
  add("b-1-1", "bob", 2e12, `${line("b-1-1", "bob", 2e12, 1, { start })}{"half`);
  add("c-1-1", "bob", 3e12, line("c-1-1", "bob", 3e12, 1));
  add("d-1-1", "bob", 4e12, "no message\n");
  return path;
}

const cases: [object, string[]][] = [
  [{}, ["c-1-1 unended", "b-1-1 incomplete", "a-1-1 complete"]],
  [{ limit: 1 }, ["c-1-1 unended"]],
  [{ user: "alice" }, ["a-1-1 complete"]],
  [{ sinceMs: 2e12, untilMs: 2e12 }, ["b-1-1 incomplete"]],
  [{ sinceMs: 2e12 + 1, untilMs: 3e12 - 1 }, []],
];

test.each(cases)("a folder, %j", async (filter, expected) => {
  const found = await listRecordingFolder(folder(), filter);
  expect(found.map(({ rec, state }) => `${rec} ${state}`)).toEqual(expected);
});

test("a name has whole seconds, its recording may have begun within them", async () => {
  const path = folder();
  const name = formatRecordingName({ startedMs: 5e12 + 500, user: "eve", rec: "e-1-1" });
  writeFileSync(join(path, name), line("e-1-1", "eve", 5e12 + 500, 1));
  expect(await listRecordingFolder(path, { sinceMs: 5e12 + 300 })).toHaveLength(1);
  expect(await listRecordingFolder(path, { sinceMs: 5e12 + 700 })).toHaveLength(0);
});

test("with a limit, also files whose names tell no start", async () => {
  const path = folder();
  writeFileSync(join(path, "other.jsonl"), line("o-1-1", "eve", 2.5e12, 1));
  writeFileSync(join(path, "very-old.jsonl"), line("v-1-1", "eve", 1, 1));
  const recs = async (limit: number) => (await listRecordingFolder(path, { limit })).map(({ rec }) => rec);
  expect(await recs(2)).toEqual(["c-1-1", "o-1-1"]);
  expect(await recs(3)).toEqual(["c-1-1", "o-1-1", "b-1-1"]);
  expect(await recs(9)).toEqual(["c-1-1", "o-1-1", "b-1-1", "a-1-1", "v-1-1"]);
});

test("what is known of a recording", async () => {
  const [found] = await listRecordingFolder(folder(), { user: "alice" });
  expect(found).toMatchObject({
    host: "vm",
    startedMs: 1e12,
    durationMs: 5000,
    bytes: 7,
    tty: "/dev/pts/1",
    command: "sh",
  });
});

test("several recordings of one file", async () => {
  async function* lines(): AsyncGenerator<{ text: string; place: string }> {
    for (const [rec, time] of [
      ["a", 1e12],
      ["b", 2e12],
      ["a", 1e12],
    ] as const)
      yield { text: line(rec, "u", time, 1), place: "line 1" };
    yield { text: "no message", place: "line 4" };
  }
  const found = await listRecordingFile(lines(), "file", {});
  expect(found.map(({ rec }) => rec)).toEqual(["b", "a"]);
});

test.each([
  [["", "no message", "nor this"], "cannot play file: line 2: not a message: "],
  [[" "], "cannot play file: it holds no messages"],
  [[], "cannot play file: it holds no messages"],
])("a file without a message is none: %j", async (texts, sentence) => {
  async function* lines(): AsyncGenerator<{ text: string; place: string }> {
    for (const [index, text] of texts.entries()) yield { text, place: `line ${index + 1}` };
  }
  await expect(listRecordingFile(lines(), "file", {})).rejects.toThrow(sentence);
});
