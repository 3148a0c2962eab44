import { describe, expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";
import type { SourceLine } from "./reader.ts";

function split(chunks: readonly string[], maxLineBytes?: number): SourceLine[] {
  const splitter = new LineSplitter(maxLineBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk))]), ...splitter.end()];
}

const line = (number: number, text: string, isWhole = true): SourceLine => ({ text, place: `line ${number}`, isWhole });
const long = (number: number, isWhole = true): SourceLine => ({
  ...line(number, "", isWhole),
  trouble: "longer than 4 bytes",
});

const cases: [string, string[], SourceLine[]][] = [
  ["nothing", [], []],
  ["two lines in one chunk", ["ab\nc\n"], [line(1, "ab"), line(2, "c")]],
  ["a line over three chunks", ["a", "b", "c\n"], [line(1, "abc")]],
  ["an empty line counts", ["\n\na\n"], [line(1, ""), line(2, ""), line(3, "a")]],
  ["the newline opens a chunk", ["ab", "\ncd\n"], [line(1, "ab"), line(2, "cd")]],
  ["the medium ends inside a line", ["a\nb"], [line(1, "a"), line(2, "b", false)]],
  ["a line of the greatest length", ["abcd\n"], [line(1, "abcd")]],
  ["a longer one", ["abcde\nf\n"], [long(1), line(2, "f")]],
  ["a longer one over chunks", ["abc", "de", "fgh", "i\nj\n"], [long(1), line(2, "j")]],
  ["a longer one by its last chunk", ["abc", "de\nj\n"], [long(1), line(2, "j")]],
  ["the medium ends inside a longer one", ["abcdef"], [long(1, false)]],
];

describe("line splitter", () => {
  test.each(cases)("%s", (_, chunks, expected) => {
    expect(split(chunks, 4)).toEqual(expected);
  });

  test("a character split over chunks is whole", () => {
    const splitter = new LineSplitter();
    const [first, second] = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 10])];
    expect([...splitter.push(first), ...splitter.push(second)]).toEqual([line(1, "€")]);
  });

  test("a chunk may be reused when its lines were taken", () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.from("ab");
    expect([...splitter.push(chunk)]).toEqual([]);
    chunk.write("c\n");
    expect([...splitter.push(chunk)]).toEqual([line(1, "abc")]);
  });

  test("a line that comes byte by byte takes no more memory than its bytes", () => {
    const splitter = new LineSplitter();
    const chunk = Buffer.from("x");
    const before = process.memoryUsage();
    for (let count = 0; count < 2_000_000; count++) for (const _ of splitter.push(chunk));
    const after = process.memoryUsage();
    // A buffer for each byte took 200 MB; garbage that is left counts too.
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(80e6);
    const [line] = splitter.push(Buffer.from("\n"));
    expect(line?.text).toBe("x".repeat(2_000_000));
  });

  test("counts from one again when restarted, without what it held", () => {
    const splitter = new LineSplitter();
    expect([...splitter.push(Buffer.from("a\nb"))]).toEqual([line(1, "a")]);
    splitter.restart();
    expect([...splitter.push(Buffer.from("c\n"))]).toEqual([line(1, "c")]);
  });
});
