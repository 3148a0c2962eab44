import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findInFolder, listFolder, locateRecording, newestIn } from "./folder.ts";
import { formatRecordingName } from "./name.ts";
import { recordingsFolder } from "./place.ts";

const boot = "b74aff806489400b9d121ed6589afff9";
const startedMs = Date.UTC(2026, 10, 21);
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-catalog-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function add(rec: string, secondsLater = 0): string {
  const path = join(folder, formatRecordingName({ startedMs: startedMs + secondsLater * 1000, user: "alice", rec }));
  writeFileSync(path, "");
  return path;
}

describe("listing", () => {
  test("oldest first, files of other names before them, everything else left out", async () => {
    const second = add(`${boot}-2-2`, 1);
    const first = add(`${boot}-9-9`);
    writeFileSync(join(folder, "copied.jsonl"), "");
    writeFileSync(join(folder, "notes.txt"), "");
    mkdirSync(join(folder, "folder.jsonl"));
    expect((await listFolder(folder)).map(({ path }) => path)).toEqual([join(folder, "copied.jsonl"), first, second]);
  });

  test.each(["", "missing"])("a folder without recordings is told: %j", async (below) => {
    await expect(newestIn(join(folder, below))).rejects.toMatchObject({ code: "REC_RECORDING_NONE" });
  });
});

describe("the newest", () => {
  test("is the one that started last, whatever was changed last", async () => {
    const newest = add(`${boot}-1-1`, 5);
    const older = add(`${boot}-2-2`, 4);
    utimesSync(newest, 1, 1);
    utimesSync(older, 2, 2);
    expect(await newestIn(folder)).toBe(newest);
  });

  test("of those that started in one second is the one that was changed last", async () => {
    const newest = add(`${boot}-1-1`);
    const older = add(`${boot}-2-2`);
    utimesSync(newest, 2, 2);
    utimesSync(older, 1, 1);
    expect(await newestIn(folder)).toBe(newest);
  });
});

describe("finding", () => {
  const found: [string, string][] = [
    ["the whole id", `${boot}-79ee-15713`],
    ["the beginning", "b74affff"],
    ["pid and start", "79ee-15713"],
    ["the beginning of pid and start", "79ee"],
    ["the start", "15713"],
  ];

  test.each(found)("by %s", async (_, wanted) => {
    const wantedRec = wanted === "b74affff" ? `b74affff${boot.slice(8)}-1-1` : `${boot}-79ee-15713`;
    const path = add(wantedRec);
    add(`${boot}-80-2`);
    expect(await findInFolder(folder, wanted)).toBe(path);
  });

  test("by its file's name, with and without the ending", async () => {
    const path = add(`${boot}-1-1`);
    add(`${boot}-2-2`);
    const file = path.slice(folder.length + 1);
    expect(await findInFolder(folder, file)).toBe(path);
    expect(await findInFolder(folder, file.replace(".jsonl", ""))).toBe(path);
  });

  test("a whole id wins over those it begins", async () => {
    const path = add(`${boot}-1-1`);
    add(`${boot}-1-12`);
    expect(await findInFolder(folder, `${boot}-1-1`)).toBe(path);
  });

  test("several are listed, a bounded number of them", async () => {
    for (let i = 10; i < 30; i++) add(`${boot}-${i}-1`, i);
    await expect(findInFolder(folder, boot)).rejects.toMatchObject({
      code: "REC_RECORDINGS_MANY",
      message: expect.stringMatching(
        /: 20 recordings match b74a\w+:\n {2}.*-20-1 \(alice, 2026-.*\n {2}.*-29-1 \(alice, 2026-.*\)\n {2}and 10 more$/s,
      ),
    });
  });

  test.each(["nothing", "", "9ee"])("none is told: %j", async (wanted) => {
    add(`${boot}-79ee-15713`);
    await expect(findInFolder(folder, wanted)).rejects.toMatchObject({ code: "REC_RECORDING_UNKNOWN" });
  });
});

describe("locating", () => {
  test("a file, a folder's newest, an id, and none", async () => {
    add(`${boot}-1-1`);
    const newest = add(`${boot}-2-2`, 1);
    const file = join(folder, "other.log");
    writeFileSync(file, "");
    expect(await locateRecording(file, undefined, null)).toBe(file);
    expect(await locateRecording(folder, undefined, null)).toBe(newest);
    expect(await locateRecording("2-2", undefined, folder)).toBe(newest);
    expect(await locateRecording(undefined, undefined, folder)).toBe(newest);
    expect(await locateRecording(undefined, "2-2", folder)).toBe(newest);
    expect(await locateRecording(folder, "2-2", null)).toBe(newest);
    expect(await locateRecording("-", undefined, null)).toBe("-");
  });

  test.each([
    ["/no/such/file", "REC_FILE_READ"],
    ["nothing", "REC_RECORDING_UNKNOWN"],
  ])("%s is not there", async (wanted, code) => {
    add(`${boot}-1-1`);
    await expect(locateRecording(wanted, undefined, folder)).rejects.toMatchObject({ code });
  });

  test("without a home there is no folder to look in", async () => {
    await expect(locateRecording(undefined, undefined, null)).rejects.toMatchObject({ code: "REC_USAGE" });
  });
});

describe("recordings folder", () => {
  test.each([
    [{ XDG_DATA_HOME: "/data", HOME: "/home/a" }, "/data/rec-session"],
    [{ XDG_DATA_HOME: "relative", HOME: "/home/a" }, "/home/a/.local/share/rec-session"],
    [{ XDG_DATA_HOME: "", HOME: "/home/a" }, "/home/a/.local/share/rec-session"],
    [{}, null],
  ])("%j", (env: Readonly<Record<string, string>>, expected) => {
    expect(recordingsFolder((name) => env[name])).toBe(expected);
  });
});
