import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readEnds as readByNode } from "./catalog/file-ends.ts";
import { readEnds } from "./ends.ts";

const letters = (length: number): string => "x".repeat(length);

const contents: readonly string[] = [
  "",
  "\n",
  "\n\n",
  "no line",
  "one\n",
  "one\ntwo\n",
  "one\ntwo\nhalf",
  "öne\n\u{1f600}\n",
  `${letters(4095)}\n`,
  `${letters(4096)}\n`,
  `${letters(4097)}\n`,
  letters(4096),
  letters(5000),
  `${letters(4095)}\nlast\n`,
  `first\n${letters(4088)}\n`,
  `first\n${letters(4089)}\n`,
  `first\n${letters(4090)}\n`,
  `first\n${letters(9000)}\n`,
  `first\n${letters(9000)}\nlast\n`,
  `first\nlast\n${letters(9000)}`,
  `${letters(70_000)}\nlast\n`,
  `${letters(70_000)}\n${letters(70_000)}\n`,
];

function folderOf(files: readonly string[]): { folder: string; names: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "rec-ends-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const names = files.map((content, at) => {
    writeFileSync(join(folder, `${at}.jsonl`), content);
    return `${at}.jsonl`;
  });
  return { folder, names };
}

test("the addon tells of a file what Node tells", () => {
  const { folder, names } = folderOf(contents);
  for (const wantsRevision of [true, false]) {
    const expected = [...readByNode(folder, names, wantsRevision)];
    expect(expected.filter((told) => told === null)).toEqual([]);
    expect([...readEnds(folder, names, wantsRevision)]).toEqual(expected);
  }
  const [, , , , , one] = readEnds(folder, names, false);
  expect(one).toEqual({ first: "one", last: "two", size: 8, revision: null });
});

test("what is no file that can be read is told as none, and the others after it", () => {
  const { folder, names } = folderOf(["one\n"]);
  mkdirSync(join(folder, "folder"));
  symlinkSync(join(folder, names[0] ?? ""), join(folder, "link"));
  execFileSync("mkfifo", [join(folder, "fifo")]);
  const all = ["folder", "link", "fifo", "missing", ...names];
  const expected = [null, null, null, null, { first: "one", last: "one", size: 4, revision: null }];
  expect([...readEnds(folder, all, false)]).toEqual(expected);
  expect([...readByNode(folder, all, false)]).toEqual(expected);
  expect([...readEnds(join(folder, "gone"), all, false)]).toEqual([null, null, null, null, null]);
});

test("more files than are asked of at once, and more than there is room for", () => {
  const content = (at: number): string => `${at} ${letters(4000)}\n${at} ${letters(4000)}\n`;
  const { folder, names } = folderOf(Array.from({ length: 1100 }, (_, at) => content(at)));
  const told = [...readEnds(folder, names, false)];
  expect(told.map((ends) => [ends?.first, ends?.last])).toEqual(
    names.map((_, at) => [`${at} ${letters(4000)}`, `${at} ${letters(4000)}`]),
  );
});
