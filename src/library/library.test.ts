import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { all } from "../../test/harness/all.ts";
import {
  catalog,
  type Encodable,
  type ExportFormat,
  encode,
  exportFormats,
  exportRecording,
  exportScript,
  importRecording,
  openRecording,
  type Place,
  type RecError,
  search,
  shownLines,
} from "./index.ts";

const golden = join(import.meta.dirname, "../../test/golden");
const startedMs = Date.UTC(2026, 10, 21, 10);
const hello = new TextEncoder().encode("hello\r\n");
const session: readonly Encodable[] = [
  { kind: "output", atMs: 20, bytes: hello },
  { kind: "end", exit: 0, signal: null },
];
let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rec-library-"));
  for (const [index, user] of ["alice", "bob", "alice"].entries())
    await add(`demo-${index}`, user, startedMs + index * 1000);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function add(rec: string, user: string, at: number): Promise<void> {
  const head = { rec, user, startedMs: at, start: { command: ["sh", "-c", user] } };
  writeFileSync(join(folder, catalog.fileName(head)), (await all(encode(session, head))).join(""));
}

async function idsIn(place: Place, options?: Parameters<typeof catalog.list>[1]): Promise<string[]> {
  return (await catalog.list(place, options)).map(({ rec }) => rec);
}

/** The files under that folder that this process has open. */
function opened(): string[] {
  const links = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
  return links.filter((path) => path.startsWith(folder));
}

describe("list", () => {
  test.each<[Parameters<typeof catalog.list>[1], string[]]>([
    [{}, ["demo-2", "demo-1", "demo-0"]],
    [{ user: "alice", limit: 1 }, ["demo-2"]],
    [{ command: "bob$" }, ["demo-1"]],
    [{ match: "not user alice", sinceMs: startedMs }, ["demo-1"]],
    [{ untilMs: startedMs }, ["demo-0"]],
    [{ host: "web1" }, []],
    [{ minDurationMs: 21 }, []],
    [{ match: "fromdate yesterday", nowMs: startedMs }, ["demo-2", "demo-1", "demo-0"]],
    [{ match: "fromdate tomorrow", nowMs: startedMs }, []],
  ])("%j finds %j", async (options, found) => {
    expect(await idsIn(folder, options)).toEqual(found);
  });

  test("an empty folder holds nothing; what is not there is an error", async () => {
    mkdirSync(join(folder, "empty"));
    expect(await idsIn(join(folder, "empty"))).toEqual([]);
    await expect(idsIn(join(folder, "nothing"))).rejects.toMatchObject({ code: "REC_FILE_READ" });
    await expect(idsIn("-")).rejects.toMatchObject({ code: "REC_FILE_READ" });
    await expect(idsIn(folder, { match: "usr alice" })).rejects.toMatchObject({ code: "REC_MATCH" });
    await expect(idsIn({ journal: { namespace: "a/b" } })).rejects.toMatchObject({ code: "REC_USAGE" });
  });
});

describe("open", () => {
  test.each<[string, string, string | undefined, string]>([
    ["the newest of a folder", "", undefined, "demo-2"],
    ["by a part of the id", "", "1", "demo-1"],
  ])("%s", async (_, path, id, rec) => {
    const recording = await openRecording(join(folder, path), id);
    expect([recording.rec, recording.isWhole, opened().length]).toEqual([null, null, 1]);
    const items = await all(recording);
    expect(items.map(({ kind }) => kind)).toEqual(["head", "output", "end"]);
    expect([recording.rec, recording.isWhole, recording.problems, recording.provenance]).toEqual([rec, true, [], null]);
    expect(opened()).toEqual([]);
    await expect(all(recording)).rejects.toThrow(TypeError);
  });

  test.each([
    ["REC_RECORDINGS_MANY", "demo"],
    ["REC_RECORDING_UNKNOWN", "nobody"],
  ])("%s for the id %s", async (code, id) => {
    await expect(openRecording(folder, id)).rejects.toMatchObject({ code });
  });

  test("a loop that is left closes it, and so does close", async () => {
    for await (const _ of await openRecording(folder)) break;
    for await (const _ of (await openRecording(folder)).packets()) break;
    await (await openRecording(folder)).close();
    expect(opened()).toEqual([]);
  });

  test("of a file with several the first is taken, and the others are told", async () => {
    const path = join(golden, "old/2.3-several-in-one-file/recording.jsonl");
    const ids = await idsIn(path);
    const recording = await openRecording(path);
    await all(recording);
    expect(recording.others).toHaveLength(ids.length - 1);
    const other = await openRecording(path, recording.others[0]);
    await all(other.packets());
    expect(other.rec).toBe(recording.others[0]);
    const none = await openRecording(path, "nobody");
    await expect(all(none)).rejects.toMatchObject({ code: "REC_RECORDING_UNKNOWN" });
  });

  test("what is missing is told in its place, and when all is read", async () => {
    const recording = await openRecording(join(golden, "losses/recording.jsonl"));
    const kinds = (await all(recording)).map(({ kind }) => kind);
    expect(kinds).toContain("lost");
    expect(recording.isWhole).toBe(false);
    expect(recording.problems[0]).toContain("the recorder dropped");
  });

  test("what holds no message is an error when it is read", async () => {
    const path = join(folder, "empty.txt");
    writeFileSync(path, "");
    await expect(all(await openRecording(path))).rejects.toMatchObject({ code: "REC_RECORDING_EMPTY" });
    writeFileSync(path, "hello\n");
    await expect(all(await openRecording(path))).rejects.toMatchObject({ code: "REC_RECORDING_FORMAT" });
    await expect(openRecording("-")).rejects.toMatchObject({ code: "REC_FILE_READ" });
  });

  test("what another process wrote under the id is no packet", async () => {
    const path = join(folder, "spoilt.export");
    const [first = "", ...rest] = readFileSync(join(golden, "journal/ours.export"), "utf8").split("\n\n");
    // The second message as if another process had written it.
    writeFileSync(path, [first, rest[0]?.replace(/^_PID=.*$/m, "_PID=1"), ...rest.slice(1)].join("\n\n"));
    const recording = await openRecording(path);
    const items = await all(recording);
    expect(items.find(({ kind }) => kind === "bad")).toMatchObject({ reason: expect.stringContaining("process 1") });
    expect([recording.isWhole, recording.provenance?.isNamed]).toEqual([false, true]);
    expect(recording.provenance?.fields["_PID"]).toBe("3344");
    expect(recording.provenance?.receivedMs).toBe(1_795_306_348_365.927);
  });

  test("another recorder's file that is left midway is let go of by close", async () => {
    const path = join(golden, "import/asciicast-v2.cast");
    const isHeld = (): boolean =>
      readdirSync("/proc/self/fd").some((fd) => {
        try {
          return readlinkSync(join("/proc/self/fd", fd)) === path;
        } catch {
          return false;
        }
      });
    const recording = await openRecording(path);
    const items = recording[Symbol.asyncIterator]();
    await items.next();
    expect(isHeld()).toBe(true);
    await recording.close();
    expect(isHeld()).toBe(false);
  });

  test("another recorder's file is read as what it is", async () => {
    const recording = await openRecording(join(golden, "import/asciicast-v2.cast"));
    const [first] = await all(recording);
    expect(first).toMatchObject({ start: { import: { format: "asciicast v2" } } });
  });
});

describe("export and import", () => {
  // The player in html is text only to the bundler: test/e2e tries that format.
  test.each(exportFormats.filter((format) => format !== "html"))("%s", async (format) => {
    const pieces = await all(exportRecording(await openRecording(folder), format));
    expect(Buffer.concat(pieces).includes("hello")).toBe(true);
  });

  test("another format is refused, and what a format cannot hold is told", async () => {
    const wrong = exportRecording([], "gif" as ExportFormat);
    await expect(wrong.next()).rejects.toMatchObject({ code: "REC_USAGE" });
    const told: string[] = [];
    const notice = (sentence: string) => told.push(sentence);
    await all(exportRecording(await openRecording(folder), "asciicast-v3", { notice }));
    expect(told).toEqual(["the size of the terminal is not known: the header says 80x24"]);
  });

  test("an import tells what it was, when and of what", async () => {
    const path = join(golden, "import/script-classic");
    const options = { rec: "x-1", timing: join(path, "timing"), nowMs: 5 };
    const lines = await all(importRecording(join(path, "typescript"), options));
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      rec: "x-1",
      start: { import: { file: "typescript", time: 5 } },
    });
    const again = importRecording(join(golden, "import/asciicast-v2.cast"));
    expect(JSON.parse((await again.next()).value as string).rec).toMatch(/^import-[0-9a-f]{32}$/);
    await again.return(undefined);
    const ours = importRecording(join(folder, readdirSync(folder).find((name) => name.endsWith(".jsonl")) ?? ""));
    await expect(ours.next()).rejects.toMatchObject({ code: "REC_IMPORT" });
  });
});

test("shown lines are those that stood on the screen", async () => {
  expect(await all(shownLines(await openRecording(folder)))).toEqual([{ atMs: 20, text: "hello" }]);
});

describe("search", () => {
  const hits = async (...[place, pattern, options]: Parameters<typeof search>) =>
    (await all(search(place, pattern, options))).map(({ recording, text }) => `${recording.rec} ${text}`);

  test("finds the same with an index and without", async () => {
    const index = join(folder, "index");
    for (const [pattern, options, found] of [
      ["hel+o", {}, ["demo-2 hello", "demo-1 hello", "demo-0 hello"]],
      ["HELLO", { user: "bob", ignoreCase: true }, ["demo-1 hello"]],
      ["HELLO", {}, []],
      ["[[:alpha:]]ello", { limit: 1 }, ["demo-2 hello"]],
    ] as const) {
      expect(await hits(folder, pattern, options)).toEqual(found);
      for (let i = 0; i < 2; i++) expect(await hits(folder, pattern, { ...options, index })).toEqual(found);
    }
    expect(statSync(join(index, "search.db")).mode & 0o777).toBe(0o600);
    const [file = ""] = readdirSync(folder).filter((name) => name.includes("demo-2"));
    expect(await hits(join(folder, file), "hello", { index })).toEqual(["demo-2 hello"]);
  });

  test("what cannot be read is told; a pattern that is none, and an index that is another's, are refused", async () => {
    const broken = join(folder, "broken");
    mkdirSync(broken);
    const paths: string[] = [];
    for (const rec of ["demo-8", "demo-9"]) {
      const head = { rec, user: "alice", startedMs: startedMs - paths.length };
      const path = join(broken, catalog.fileName(head));
      writeFileSync(path, (await all(encode(session, head))).join(""));
      paths.push(path);
    }
    const failures: string[] = [];
    const onFailure = ({ code }: RecError) => failures.push(code);
    for await (const { recording } of search(broken, "hello", { onFailure })) {
      expect(recording.rec).toBe("demo-8");
      rmSync(paths[1] ?? "");
    }
    await expect(all(search(folder, "("))).rejects.toMatchObject({ code: "REC_PATTERN" });
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    await expect(all(search(folder, "x", { index: join(folder, "open") }))).rejects.toMatchObject({
      code: "REC_INDEX",
    });
    expect(failures).toEqual(["REC_FILE_READ"]);
  });
});

test("messages and a typescript", async () => {
  const path = join(golden, "input-and-resize/recording.jsonl");
  const recording = await openRecording(path);
  expect((await all(recording.messages())).join("")).toBe(readFileSync(path, "utf8"));
  expect(recording.isWhole).not.toBe(null);
  await expect(all(recording)).rejects.toThrow(TypeError);
  const parts = new Set((await all(exportScript(await openRecording(path)))).map(({ part }) => part));
  expect([...parts].sort()).toEqual(["", ".input", ".timing"]);
});
