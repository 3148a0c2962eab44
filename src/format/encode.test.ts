import { expect, test } from "vitest";
import { all } from "../../test/harness/all.ts";
import { decode } from "./decode.ts";
import { type Encodable, encode, type RecordingHead } from "./encode.ts";
import type { Item } from "./item.ts";

const head: RecordingHead = { rec: "demo-1", user: "alice", startedMs: 1_000_000 };

async function linesOf(items: readonly (Encodable | Item)[], of = head, payloadBytes?: number): Promise<string[]> {
  return await all(encode(items, of, payloadBytes === undefined ? {} : { payloadBytes }));
}

async function itemsOf(lines: readonly string[], rec?: string): Promise<Item[]> {
  return await all(decode(lines, rec === undefined ? {} : { rec }));
}

function output(text: string, atMs: number): Encodable {
  return { kind: "output", atMs, bytes: new TextEncoder().encode(text) };
}

const session: readonly Encodable[] = [
  { kind: "window", atMs: 0, columns: 80, rows: 24 },
  output("größe\x1b[0m", 10),
  { kind: "input", atMs: 900, bytes: new Uint8Array([0xff, 0x61]) },
  { kind: "lost", inBytes: 0, outBytes: 7, fromMs: 950, toMs: 960 },
  output("rest", 2500),
  { kind: "end", exit: null, signal: "SIGTERM", durationMs: 4000 },
];

test("what was encoded is decoded again, and that encoded is the same", async () => {
  const lines = await linesOf(session);
  expect(lines.every((line) => line.endsWith("}\n"))).toBe(true);
  const items = await itemsOf(lines);
  expect(items.map(({ kind }) => kind)).toEqual([...["head", "window", "output", "input", "lost", "output", "end"]]);
  const [first] = items;
  const start = { command: [], cwd: "", tty: null, peer: null };
  expect(first).toEqual({ ...head, kind: "head", host: "", term: "", session: 4294967295, start });
  expect(items.at(-1)).toMatchObject({ exit: null, signal: "SIGTERM", inBytes: 2, outBytes: 22, durationMs: 4000 });
  expect(await linesOf(items, first as RecordingHead)).toEqual(lines);
});

test("a file transfer is told, and its bytes are counted", async () => {
  const transfer = { kind: "transfer", command: ["scp"], inBytes: 1, outBytes: 2, fromMs: 5, toMs: 10 } as const;
  const items = await itemsOf(await linesOf([transfer, { kind: "end", exit: 0, signal: null }]));
  expect(items[1]).toEqual(transfer);
  expect(items[2]).toMatchObject({ inBytes: 1, outBytes: 2 });
});

test("a message takes a second at most, and so many bytes", async () => {
  const seconds = Array.from({ length: 10 }, (_, index) => output("x", index * 1000));
  expect((await linesOf(seconds)).length).toBeGreaterThan(9);
  expect((await linesOf([output("y".repeat(1000), 0)], head, 64)).length).toBeGreaterThan(15);
});

test("without an end the recording is one that was cut off, with all of its bytes", async () => {
  const items = await itemsOf(await linesOf([{ kind: "output", atMs: 5, bytes: new Uint8Array([0x61, 0xc3]) }]));
  expect(items.map((item) => (item.kind === "output" ? [...item.bytes] : item.kind))).toEqual([
    ...["head", [0x61, 0xc3], "unended"],
  ]);
});

test("time that goes back stands still, and what follows the end is not taken", async () => {
  const items = await itemsOf(
    await linesOf([output("a", 100), output("b", 50), output("c", Number.NaN), ...session.slice(-1), output("d", 1)]),
  );
  expect(
    items.flatMap((item) => (item.kind === "output" ? [[item.atMs, new TextDecoder().decode(item.bytes)]] : [])),
  ).toEqual([[100, "abc"]]);
});

test("a start that nobody knows is not told", async () => {
  const [first] = await itemsOf(await linesOf([], { ...head, startedMs: null }));
  expect(first).toMatchObject({ startedMs: null });
});

test.each<[string, readonly Encodable[], Partial<RecordingHead>]>([
  ["a terminal of 65536 columns and 1 rows", [{ kind: "window", atMs: 0, columns: 65536, rows: 1 }], {}],
  ["a terminal of 80 columns and 0.5 rows", [{ kind: "window", atMs: 0, columns: 80, rows: 0.5 }], {}],
  ["an audit session 0", [], { session: 0 }],
  ["a start at NaN ms", [], { startedMs: Number.NaN }],
])("%s is refused", async (message, items, wrong) => {
  await expect(linesOf(items, { ...head, ...wrong })).rejects.toThrow(new RangeError(message));
});

test("of several recordings the one that is named is decoded", async () => {
  const lines = [...(await linesOf(session)), ...(await linesOf(session, { ...head, rec: "demo-2" }))];
  const [first] = await itemsOf(lines, "demo-2");
  expect(first).toMatchObject({ kind: "head", rec: "demo-2" });
  expect((await itemsOf(lines)).at(-1)).toMatchObject({ kind: "bad", place: `line ${lines.length / 2 + 1}` });
});
