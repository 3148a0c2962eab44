import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import type { Item } from "../format/item.ts";
import { ShownText } from "./shown-text.ts";

/** What pieces of output showed, a second between each; "MS text". */
function shown(
  pieces: readonly (string | Uint8Array)[],
  window: [number, number] | null = [20, 5],
  isTogether = false,
): string[] {
  const lines: string[] = [];
  const text = new ShownText(({ atMs, text: line }) => lines.push(`${atMs} ${line}`));
  const items = pieces.map((piece, index): Item => {
    return { kind: "output", atMs: index * 1000, bytes: Buffer.from(piece as string) };
  });
  if (window !== null) text.take({ kind: "window", atMs: 0, columns: window[0], rows: window[1] } as Item);
  if (isTogether) text.takeAll(items);
  else for (const item of items) text.take(item);
  text.finish();
  return lines;
}

describe("every line that stood", () => {
  test.each<[string, string[], string[]]>([
    ["lines", ["one\r\ntwo\r\n"], ["0 one", "0 two"]],
    ["a line that grows is one", ["$ ", "l", "s", "\r\n"], ["2000 $ ls"]],
    ["a line and a longer one below it", ["a\r\nab\r\n"], ["0 a", "0 ab"]],
    ["the same at the bottom", ["\n\n\n\n\n\na\r\nab\r\nabc"], ["0 a", "0 ab", "0 abc"]],
    ["what is written over", ["10%\r20%\rdone\r\n"], ["0 10%", "0 20%", "0 done"]],
    [
      "what is wiped at once",
      ["secret\x1b[2K\rok\r\n", "top\x1b[2J\x1b[Hx"],
      ["0 secret", "0 ok", "1000 top", "1000 x"],
    ],
    ["what is deleted key by key", ["rm -rf", "\b \b\b \b", "\r\n"], ["0 rm -rf", "1000 rm -r", "1000 rm -"]],
    [
      "a screen, row by row",
      ["\x1b[?1049h\x1b[H\x1b[2;3Hname\x1b[4;1Hstate\x1b[?1049l$"],
      ["0   name", "0 state", "0 $"],
    ],
    [
      "a screen that is painted again",
      ["\x1b[Ha\x1b[2Hb", "\x1b[Ha\x1b[2Hb", "\x1b[Ha\x1b[2Hc"],
      ["0 a", "0 b", "2000 c"],
    ],
    ["wrapped rows are one line", [`${"x".repeat(50)}\r\n`], [`0 ${"x".repeat(50)}`]],
    ["colours are not text", ["a\x1b[1;31mb\x1b[0mc\r\n"], ["0 abc"]],
    ["titles are not text", ["\x1b]2;title\x07x"], ["0 x"]],
  ])("%s", (_, pieces, expected) => {
    expect(shown(pieces)).toEqual(expected);
  });
});

describe("a long line that scrolls away where nothing above the screen is kept", () => {
  const words = Array.from({ length: 600 }, (_, at) => `<${at}>`);

  test.each<[string, string, [number, number]]>([
    ["on the alternate screen", "\x1b[?1049h\x1b[H", [80, 5]],
    ["on one of two rows", "\x1b[?1049h\x1b[H", [10, 2]],
    ["in rows of the middle", "\x1b[5;7r\x1b[5;1H", [80, 24]],
    ["in two rows at the bottom", "\x1b[23;24r\x1b[24;70H", [80, 24]],
    ["in rows at the top", "\x1b[1;3r\x1b[H", [80, 24]],
    ["below the rows that scroll, where it is written over", "\x1b[1;20r\x1b[24;1H", [80, 24]],
    ["on the screen itself", "", [20, 3]],
  ])("%s: each of its words was shown", (_, before, window) => {
    for (const between of [" ", "\t", "\x1b[1m", "\x07"]) {
      const text = shown([before + words.join(between)], window)
        .join("\n")
        .replace(/\n\d+ /g, "\n");
      // A row that is written over may end within a word.
      const whole = text.replaceAll("\n", "");
      expect(
        words.filter((word) => !text.includes(word) && !whole.includes(word)),
        between,
      ).toEqual([]);
    }
  });
});

describe("much plain text", () => {
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}\t\x1b[32mé漢\x1b[m`);
  const expected = lines.map((_, i) => `0 line ${i}${" ".repeat(8 - (`line ${i}`.length % 8))}é漢`);

  test("is passed over, and is there line by line", () => {
    expect(shown([lines.join("\r\n")], [80, 24])).toEqual(expected);
    expect(shown([lines.join("\n")], null)).toEqual(expected);
  });

  test("in pieces that are taken together it is the same, at the same times", () => {
    // A line ends in the piece that has its line feed.
    const pieces = Array.from({ length: 40 }, (_, at) => `${lines.slice(at * 25, at * 25 + 25).join("\r\n")}\r\n`);
    expect(shown(pieces, [80, 24], true)).toEqual(shown(pieces, [80, 24]));
    expect(shown(pieces, [80, 24], true)).toHaveLength(1000);
    const whole = pieces.join("");
    const cut = Array.from({ length: 90 }, (_, at) => whole.slice(at * 300, at * 300 + 300));
    const texts = (found: string[]) => found.map((line) => line.replace(/^\d+ /, ""));
    expect(texts(shown(cut, [80, 24], true))).toEqual(texts(shown([cut.join("")], [80, 24])));
    const mixed = [...pieces, "10%\r20%\r", "done\r\n\x1b[2J", ...pieces];
    expect(texts(shown(mixed, [80, 24], true))).toEqual(texts(shown(mixed, [80, 24])));
  });

  test.each([
    ["scrolls in a part of the screen", "\x1b[1;3r"],
    ["is inserted", "\x1b[4h"],
    ["has other characters", "\x1b(0"],
    ["does not wrap", "\x1b[?7l"],
    ["follows half a sequence", "\x1b[3"],
    ["overwrites", "\x1b[3;1Hold\x1b[H"],
  ])("where it %s the emulator sees all of it", (_, before) => {
    const text = Array.from({ length: 600 }, (_line, i) => `q${i}`).join("\r\n");
    const pieces = (size: number) =>
      Array.from({ length: Math.ceil(text.length / size) }, (_piece, i) => text.slice(i * size, (i + 1) * size));
    const without = (found: string[]) => found.map((line) => line.replace(/^\d+ /, ""));
    expect(new Set(without(shown([before, text], [80, 24])))).toEqual(
      // In short pieces nothing is passed over; they end between lines here and there.
      new Set(without(shown([before, ...pieces(4000)], [80, 24]))),
    );
  });

  test("shows what the emulator shows, whatever it is", () => {
    const word = fc.constantFrom(
      "abc",
      "é",
      "漢",
      "\t",
      "\x1b[31m",
      "\r\n",
      "\r\n",
      "\r\n",
      "  ",
      "\x1b[H",
      "\r",
      "\b",
    );
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 0, maxLength: 40 }),
        fc.array(fc.constantFrom("log of work", "é x\r\n", "\r\n"), { minLength: 1, maxLength: 6 }),
        (start, unit) => {
          const bulk = `${unit.join("")}\r\n`.repeat(1200);
          // A width that no line has: a wrapped row counts as text of its own only beyond 50 rows.
          const whole = shown([start.join(""), bulk], [200, 6]).map((line) => line.replace(/^\d+ /, ""));
          const half = Math.ceil(bulk.length / 700);
          const cut = shown(
            [start.join(""), ...Array.from({ length: half }, (_, i) => bulk.slice(i * 700, (i + 1) * 700))],
            [200, 6],
          );
          const seen = new Set(cut.map((line) => line.replace(/^\d+ /, "")));
          for (const line of new Set(whole)) expect(seen).toContain(line);
        },
      ),
      { numRuns: 60, interruptAfterTimeLimit: 15_000 },
    );
  });
});

test("any bytes, in bounded pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }), (pieces) => {
      for (const line of shown(pieces)) expect(line.length).toBeLessThan(5000);
    }),
    { numRuns: 200, interruptAfterTimeLimit: 10_000 },
  );
});
