import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { ExportParser } from "./export-format.ts";

function binary(name: string, value: string | Buffer, length = Buffer.byteLength(value)): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([Buffer.from(`${name}\n`), size, Buffer.from(value), Buffer.from("\n")]);
}

/** Each entry as its values of A, B and MESSAGE; a trouble in parentheses. */
function parse(chunks: readonly Buffer[], maxEntryBytes?: number): string[] {
  const parser = new ExportParser(maxEntryBytes);
  const told: string[] = [];
  const take = (found: Iterable<ReturnType<ExportParser["push"]> extends Generator<infer One> ? One : never>): void => {
    for (const one of found) {
      if (typeof one === "string") told.push(`(${one})`);
      else told.push(["A", "B", "MESSAGE"].map((name) => one.value(name)?.toString() ?? "-").join("|"));
    }
  };
  // A chunk is the reader's again once it was taken.
  for (const chunk of chunks) {
    const reused = Buffer.from(chunk);
    take(parser.push(reused));
    reused.fill(0);
  }
  take(parser.end());
  return told;
}

const alien = "(it is not in journal export format)";
const half = "(the entry is not whole)";
const text = (value: string): Buffer => Buffer.from(value);

const cases: [string, Buffer[], string[]][] = [
  ["two entries", [text("A=1\nB=2\n\nA=3\n\n")], ["1|2|-", "3|-|-"]],
  ["more empty lines than needed", [text("\n\nA=1\n\n\n\nB=2\n\n")], ["1|-|-", "-|2|-"]],
  ["a value may hold =, and be empty", [text("A==x=\nB=\n\n")], ["=x=||-"]],
  ["the first of several values", [text("A=1\nA=2\n\n")], ["1|-|-"]],
  ["a name that another begins with", [text("AB=1\nA=2\n\n")], ["2|-|-"]],
  ["a binary value with newlines, even an empty line", [binary("A", "x\n\ny\n"), text("B=2\n\n")], ["x\n\ny\n|2|-"]],
  ["an empty binary value", [binary("A", ""), text("\n")], ["|-|-"]],
  [
    "a binary value over chunks",
    [binary("A", "xyz").subarray(0, 5), binary("A", "xyz").subarray(5), text("\n")],
    ["xyz|-|-"],
  ],
  ["the empty line at the end is missing", [text("A=1\nB=2\n")], ["1|2|-"]],
  ["the medium ends inside a line", [text("A=1\n\nB=2")], ["1|-|-", half]],
  ["the medium ends inside a binary value", [binary("A", "xyz").subarray(0, 12)], [half]],
  ["the medium ends inside a length", [binary("A", "xyz").subarray(0, 6)], [half]],
  ["a line that is no field, up to the next entry", [text("A=1\n?\nB=2\n\nA=3\n\n")], [alien, "3|-|-"]],
  ["a binary value whose end is elsewhere", [binary("A", "xyz", 2), text("B=2\n\nA=3\n\n")], [alien, "3|-|-"]],
  ["an impossible length", [binary("A", "x", 2 ** 60), text("B=2\n\n")], ["(the entry is longer than 1000 bytes)"]],
  ["an entry of the greatest length", [text(`A=${"x".repeat(998)}\n\n`)], [`${"x".repeat(998)}|-|-`]],
  [
    "a longer one by a line",
    [text(`A=${"x".repeat(999)}\n\nB=2\n\n`)],
    ["(the entry is longer than 1000 bytes)", "-|2|-"],
  ],
  [
    "a longer one by all its fields",
    [text(`A=${"x".repeat(500)}\nB=${"x".repeat(500)}\n\nB=2\n\n`)],
    ["(the entry is longer than 1000 bytes)", "-|2|-"],
  ],
  [
    "a longer binary value, and what looks like an entry in it",
    [binary("A", `${"x".repeat(2000)}\n\nB=no\n\n`), text("A=3\n\nB=2\n\n")],
    ["(the entry is longer than 1000 bytes)", "-|2|-"],
  ],
];

describe("journal export format", () => {
  test.each(cases)("%s", (_, chunks, expected) => {
    expect(parse(chunks, 1000)).toEqual(expected);
  });

  test.each(cases)("%s, byte by byte", (_, chunks, expected) => {
    const bytes = [...Buffer.concat(chunks)].map((byte) => Buffer.of(byte));
    expect(parse(bytes, 1000)).toEqual(expected);
  });

  test("any fields come out as they went in, however the bytes are cut", () => {
    const field = fc.tuple(fc.constantFrom("A", "B", "MESSAGE"), fc.uint8Array({ maxLength: 40 }), fc.boolean());
    const entries = fc.array(fc.uniqueArray(field, { minLength: 1, maxLength: 3, selector: ([name]) => name }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(entries, fc.array(fc.nat(60)), (all, sizes) => {
        const bytes = Buffer.concat(
          all.flatMap((fields) => [
            ...fields.map(([name, value, isBinary]) => {
              const isPlain = !isBinary && !value.includes(10);
              return isPlain ? Buffer.concat([text(`${name}=`), value, text("\n")]) : binary(name, Buffer.from(value));
            }),
            text("\n"),
          ]),
        );
        const expected = all.map((fields) =>
          ["A", "B", "MESSAGE"]
            .map((name) => fields.find(([own]) => own === name)?.[1])
            .map((value) => (value === undefined ? "-" : Buffer.from(value).toString()))
            .join("|"),
        );
        expect(parse(cut(bytes, sizes))).toEqual(expected);
      }),
    );
  });

  test("any bytes end, hold little, and do not depend on how they are cut", () => {
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(
        ...["A=1\n", "\n", "A\n", "\0".repeat(8), "\x02\0\0\0\0\0\0\0", "\xff".repeat(8), "=", "é"].map((part) =>
          Buffer.from(part, "latin1"),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 30 }), fc.array(fc.nat(60)), (parts, sizes) => {
        const bytes = Buffer.concat(parts);
        expect(parse(cut(bytes, sizes), 100)).toEqual(parse([bytes], 100));
      }),
      { numRuns: 1000, interruptAfterTimeLimit: 10_000 },
    );
  });
});

/** Pieces of these sizes, then the rest; a size of 0 is 1. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    pieces.push(bytes.subarray(at, at + Math.max(1, size)));
    at += Math.max(1, size);
  }
  return [...pieces, bytes.subarray(at)];
}
