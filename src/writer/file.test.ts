import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Timers } from "../timers.ts";
import { FileWriter } from "./file.ts";
import { openInFolder } from "./folder.ts";

const timers = new Timers(() => performance.now());
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function isLink(name: string, to: string): boolean {
  try {
    return readlinkSync(name) === to;
  } catch {
    return false;
  }
}

async function writeTo(writer: FileWriter, ...lines: string[]): Promise<void> {
  for (const [i, line] of lines.entries()) await writer.write({ id: i + 1, posMs: 0, line: Buffer.from(line) });
  await writer.flush();
  await writer.close();
}

describe("FileWriter", () => {
  test("makes the file for its owner alone, and appends", async () => {
    const path = join(folder, "r");
    await writeTo(new FileWriter(path, timers), "one\n");
    await writeTo(new FileWriter(path, timers), "two\n", "three\n");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthree\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["", "new\n"],
    ["whole\n", "whole\nnew\n"],
    ["half", "half\nnew\n"],
  ])("after %j stands %j", async (before, after) => {
    const path = join(folder, "r");
    writeFileSync(path, before);
    await writeTo(new FileWriter(path, timers), "new\n");
    expect(readFileSync(path, "utf8")).toBe(after);
  });

  test("a sync that fails is told, however many succeed after it", async () => {
    const path = join(folder, "r");
    const writer = new FileWriter(path, timers);
    const fd = readdirSync("/proc/self/fd").find((name) => isLink(`/proc/self/fd/${name}`, path));
    closeSync(Number(fd));
    await expect(writer.flush()).rejects.toMatchObject({ code: "EBADF" });
    expect(openSync(path, "a")).toBe(Number(fd));
    await expect(writer.flush()).rejects.toMatchObject({ code: "EBADF" });
    await writer.close();
  });

  test("a pipe cannot be synced, and need not be", async () => {
    const path = join(folder, "fifo");
    execFileSync("mkfifo", [path]);
    const reader = openSync(path, "r+");
    await writeTo(new FileWriter(path, timers), "one\n");
    closeSync(reader);
  });

  test("a file that shall be new must not exist", () => {
    const path = join(folder, "r");
    writeFileSync(path, "");
    expect(() => new FileWriter(path, timers, { isNew: true })).toThrow(/^cannot open .*: file already exists$/);
  });

  test("a folder, a missing folder, a full device: the reason in words", async () => {
    expect(() => new FileWriter(folder, timers)).toThrow(`cannot open ${folder}: is a directory`);
    expect(() => new FileWriter(join(folder, "no/r"), timers)).toThrow(/no such file or directory$/);
    await expect(writeTo(new FileWriter("/dev/full", timers), "x\n")).rejects.toMatchObject({ code: "ENOSPC" });
  });
});

describe("the folder writer", () => {
  test("makes the folder and those above it for the owner alone", async () => {
    await writeTo(openInFolder(join(folder, "a/b/c"), "r", timers), "x\n");
    expect(readFileSync(join(folder, "a/b/c/r"), "utf8")).toBe("x\n");
    for (const path of ["a", "a/b", "a/b/c"]) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700);
  });

  test("does not change a folder that exists", async () => {
    mkdirSync(join(folder, "open"), { mode: 0o755 });
    await writeTo(openInFolder(join(folder, "open"), "r", timers), "x\n");
    expect(statSync(join(folder, "open")).mode & 0o777).toBe(0o755);
  });

  test.each(["/proc/nothing", "/proc/nothing/below", "/dev/null/x", "/sys/nothing"])(
    "%s cannot be made: told, and at once",
    (path) => {
      expect(() => openInFolder(path, "r", timers)).toThrow(`cannot create the recordings folder ${path}: `);
    },
  );
});
