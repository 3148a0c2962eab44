import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFileReader } from "./file.ts";
import type { Reader, SourceLine } from "./reader.ts";

let folder = "";
let file = "";
let reader: Reader | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-reader-"));
  file = join(folder, "recording.jsonl");
});

afterEach(async () => {
  await reader?.close();
  reader = null;
  rmSync(folder, { recursive: true });
});

async function all(path: string): Promise<string[]> {
  reader = await openFileReader(path);
  const lines: string[] = [];
  for await (const line of reader.lines()) lines.push(`${line.place} ${line.isWhole ? "whole" : "half"} ${line.text}`);
  return lines;
}

async function follow(): Promise<() => Promise<string>> {
  reader = await openFileReader(file, { isFollowing: true });
  const lines = reader.lines()[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = (await lines.next()) as IteratorResult<SourceLine, undefined>;
    return done === true ? "end" : (value.trouble ?? `${value.text}${value.isWhole ? "" : " (half)"}`);
  };
}

describe("file reader", () => {
  test("a file's lines, the last one without its newline", async () => {
    writeFileSync(file, "a\nb\nc");
    expect(await all(file)).toEqual(["line 1 whole a", "line 2 whole b", "line 3 half c"]);
  });

  test("an empty file has no lines", async () => {
    writeFileSync(file, "");
    expect(await all(file)).toEqual([]);
  });

  test("lines longer than a chunk are whole", async () => {
    const long = "x".repeat(1_000_000);
    writeFileSync(file, `${long}\n${long}y\n`);
    expect(await all(file)).toEqual([`line 1 whole ${long}`, `line 2 whole ${long}y`]);
  });

  test("a line beyond the bound is told and passed over", async () => {
    writeFileSync(file, `${"x".repeat(50)}\nb\n`);
    reader = await openFileReader(file, { maxLineBytes: 10 });
    const lines: SourceLine[] = [];
    for await (const line of reader.lines()) lines.push(line);
    expect(lines.map(({ text, trouble }) => trouble ?? text)).toEqual(["longer than 10 bytes", "b"]);
  });

  test("a FIFO is read without waiting for its writer at the opening", async () => {
    execFileSync("mkfifo", [file]);
    reader = await openFileReader(file);
    const lines = reader.lines()[Symbol.asyncIterator]();
    const first = lines.next();
    appendFileSync(file, "a\nb\n");
    expect(((await first).value as SourceLine).text).toBe("a");
    expect(((await lines.next()).value as SourceLine).text).toBe("b");
  });

  test.each([
    ["a folder", () => folder, "is a directory"],
    ["nothing", () => join(folder, "no"), "no such file or directory"],
  ])("%s cannot be read", async (_, path, why) => {
    await expect(openFileReader(path())).rejects.toMatchObject({
      code: "REC_FILE_READ",
      message: `cannot read ${path()}: ${why}`,
    });
  });
});

describe("following", () => {
  test("goes on when data is appended", async () => {
    writeFileSync(file, "a\n");
    const next = await follow();
    expect(await next()).toBe("a");
    const second = next();
    appendFileSync(file, "b\n");
    expect(await second).toBe("b");
  });

  test("waits for the rest of a half-written line", async () => {
    writeFileSync(file, "a\nb");
    const next = await follow();
    expect(await next()).toBe("a");
    const second = next();
    appendFileSync(file, "c");
    appendFileSync(file, "d\n");
    expect(await second).toBe("bcd");
  });

  test("no append is missed, whenever it comes", async () => {
    writeFileSync(file, "");
    const next = await follow();
    for (let i = 0; i < 300; i++) {
      const line = next();
      if (i % 3 === 1) await Promise.resolve();
      if (i % 3 === 2) await new Promise((resolve) => setImmediate(resolve));
      appendFileSync(file, `${i}\n`);
      expect(await line).toBe(String(i));
    }
  });

  test("a file that was cut short is told and read from its beginning", async () => {
    writeFileSync(file, "aaaa\nbbbb\n");
    const next = await follow();
    expect([await next(), await next()]).toEqual(["aaaa", "bbbb"]);
    const third = next();
    truncateSync(file, 0);
    expect(await third).toBe("the file was cut short while it was read");
    const fourth = next();
    appendFileSync(file, "c\n");
    expect(await fourth).toBe("c");
  });

  test("a file that was replaced is read to its end, then its successor", async () => {
    writeFileSync(file, "a\n");
    const next = await follow();
    expect(await next()).toBe("a");
    const second = next();
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, "b\n");
    expect(await second).toBe("b");
    const third = next();
    writeFileSync(`${file}.new`, "c\n");
    renameSync(`${file}.new`, file);
    expect(await third).toBe("c");
    const fourth = next();
    appendFileSync(file, "d\n");
    expect(await fourth).toBe("d");
  });

  test("closing ends the waiting", async () => {
    writeFileSync(file, "a\n");
    const next = await follow();
    expect(await next()).toBe("a");
    const second = next();
    await reader?.close();
    expect(await second).toBe("end");
  });
});
