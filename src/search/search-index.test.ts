import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { compilePattern } from "../catalog/pattern.ts";
import { addonPath } from "../terminal/native.ts";
import type { IndexWriter, TextWriter } from "./index-writer.ts";
import { PieceWriter } from "./piece.ts";
import { hitsIn, wordOf } from "./scan.ts";
import { SearchIndex } from "./search-index.ts";
import { blocksOf, literalOf, noMarks, requirementOf, Trigrams } from "./trigram.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "rec-index-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function opened(path: string): SearchIndex {
  const index = SearchIndex.open(path);
  onTestFinished(() => index.close());
  return index;
}

function add(index: SearchIndex, name: string, texts: readonly string[], state = "1"): void {
  const writer = index.writer();
  const text = writer.write({ name, state });
  const pieces = new PieceWriter((piece) => text.add(piece));
  for (const [atMs, line] of texts.entries()) pieces.add({ atMs, text: line });
  pieces.end();
  text.commit();
  writer.end();
}

/** What the index finds: "name atMs". */
function found(index: SearchIndex, source: string, names: readonly string[], flags = ""): string[] {
  const pattern = compilePattern(source, flags);
  const candidates = index.candidates(requirementOf(pattern.regexp.source));
  const blocks = index.blocks(wordOf(pattern));
  return names.flatMap((name) =>
    [...index.texts(name, candidates, blocks)].flatMap((text) =>
      hitsIn(pattern, text).map(({ atMs }) => `${name} ${atMs}`),
    ),
  );
}

test("finds lines by plain characters, by others, and by none", () => {
  const index = opened(folder());
  add(index, "a", ["hello world", "Permission denied", "é漢字"]);
  add(index, "b", ["permission granted", ""]);
  index.freeze();
  const names = ["a", "b"];
  expect(found(index, "ermission", names)).toEqual(["a 1", "b 0"]);
  expect(found(index, "PERMISSION", names)).toEqual([]);
  expect(found(index, "PERMISSION", names, "i")).toEqual(["a 1", "b 0"]);
  expect(found(index, "denied|granted", names)).toEqual(["a 1", "b 0"]);
  expect(found(index, "漢字", names)).toEqual(["a 2"]);
  expect(found(index, "..字", names)).toEqual(["a 2"]);
  expect(found(index, "[[:alpha:]]nied", names)).toEqual(["a 1"]);
  expect(found(index, "^$", names)).toEqual(["b 1"]);
});

test("a plain word is found in every line that has it, each once, and not in the times of others", () => {
  const lines = ["12", "a 12 and 12", "", "no", "a12"].map((text, at) => `${at + 120} ${text}\n`).join("");
  expect(hitsIn(compilePattern("12"), [lines]).map(({ atMs, from, to }) => [atMs, from, to])).toEqual([
    [120, 0, 2],
    [121, 2, 4],
    [124, 1, 3],
  ]);
  for (const word of ["12", " ", "a", "\n", "x"]) {
    const found = hitsIn(compilePattern(word), [lines]);
    expect(found).toEqual(hitsIn(compilePattern(`(?:${word})`), [lines]));
  }
});

test("with the addon only the lines that have a word are read, wherever in a block they are", () => {
  const path = folder();
  const index = opened(path);
  const lines = Array.from({ length: 3000 }, (_, at) => `${"é".repeat(at % 5)}${"ab".repeat(at % 40)} ${at}`);
  add(index, "a", lines);
  index.freeze();
  const sooner = SearchIndex.open(path, addonPath);
  onTestFinished(() => sooner.close());
  const words = ["0", "a", "99", "ba ", "2999", "éab", "é 7", "ab".repeat(39), "\n", "9\n", " 1\n1", "abc"];
  for (const word of words) {
    const having = lines.flatMap((line, at) => (line.includes(word) ? [`a ${at}`] : []));
    expect(found(index, word, ["a"]), word).toEqual(having);
    expect(found(sooner, word, ["a"]), word).toEqual(having);
  }
  const texts = [...sooner.texts("a", null, sooner.blocks("2999"))].flat();
  expect(texts).toEqual([`2999 ${lines[2999]}\n`]);
});

test("an addon that SQLite cannot load is told", () => {
  expect(() => SearchIndex.open(folder(), "/nonexistent/addon.node")).toThrow(/search\.db.*addon\.node/);
});

test("a recording that changed is taken anew; one that is gone is forgotten; another process sees it", () => {
  const path = folder();
  const index = opened(path);
  add(index, "a", ["old text"]);
  add(index, "a", ["new text"], "2");
  add(index, "b", ["gone text"]);
  index.retain((name) => name !== "b");
  const other = opened(path);
  other.freeze();
  expect([other.has({ name: "a", state: "1" }), other.has({ name: "a", state: "2" })]).toEqual([false, true]);
  expect(found(other, "text", ["a", "b"])).toEqual(["a 0"]);
  expect(found(other, "old", ["a"])).toEqual([]);
});

test("what was not committed was never there", () => {
  const path = folder();
  const index = opened(path);
  const begin = (writer: IndexWriter, name: string): TextWriter => {
    const text = writer.write({ name, state: "1" });
    const pieces = new PieceWriter((piece) => text.add(piece));
    pieces.add({ atMs: 0, text: "half a text" });
    pieces.end();
    return text;
  };
  const abandoned = index.writer();
  begin(abandoned, "a");
  // As after half a second.
  abandoned.end();
  begin(abandoned, "e");
  abandoned.abandon();
  expect(() => abandoned.write({ name: "a", state: "1" })).toThrow("no longer written");
  const kept = index.writer();
  begin(kept, "b");
  begin(kept, "c").undo();
  begin(kept, "d").commit();
  kept.end();
  index.freeze();
  const names = ["a", "b", "c", "d", "e"];
  expect(names.filter((name) => index.has({ name, state: "1" }))).toEqual(["d"]);
  expect(found(index, "half", ["a", "c", "d"])).toEqual(["d 0"]);
  expect(new DatabaseSync(join(path, "search.db")).prepare("SELECT count(*) AS n FROM pieces").get()).toEqual({ n: 2 });
});

test("what another process takes out and in between opening and freezing is known", () => {
  const path = folder();
  const one = opened(path);
  add(one, "a", ["text"]);
  add(one, "/gone\nb", ["text"]);
  const index = opened(path);
  one.retain((name) => name === "a");
  add(one, "c", ["text"]);
  index.freeze();
  const names = ["a", "/gone\nb", "c"];
  expect(names.filter((name) => index.has({ name, state: "1" }))).toEqual(["a", "c"]);
  add(one, "d", ["text"]);
  expect(found(index, "text", [...names, "d"])).toEqual(["a 0", "c 0"]);
  // The one that changed them knows it too.
  one.retain((name) => name === "d");
  one.freeze();
  expect([...names, "d"].filter((name) => one.has({ name, state: "1" }))).toEqual(["d"]);
});

test("text of many blocks and pieces is found where it is, and nowhere when it is forgotten", () => {
  const path = folder();
  const index = SearchIndex.open(path);
  const line = (at: number) => `line ${at} of 60000 ${at % 1000 === 7 ? "seldom" : ""}${at === 59_999 ? "needle" : ""}`;
  add(
    index,
    "/gone\na",
    Array.from({ length: 60_000 }, (_, at) => line(at)),
  );
  add(index, "b", ["needle"]);
  index.freeze();
  const names = ["/gone\na", "b"];
  expect(found(index, "needle", names)).toEqual(["/gone\na 59999", "b 0"]);
  expect(found(index, "sel.om", names)).toHaveLength(60);
  expect(found(index, "SELDOM", names, "i")).toHaveLength(60);
  expect(found(index, "^.{5}7 ", names)).toEqual(["/gone\na 7"]);
  index.close();
  expect(readFileSync(join(path, "search.db")).includes("of 60000")).toBe(true);
  const other = SearchIndex.open(path);
  other.retain((name) => name === "b");
  other.close();
  expect(readFileSync(join(path, "search.db")).includes("of 60000")).toBe(false);
});

test("it is its owner's alone; a folder that others may write to is refused; a damaged one, or another version's, is made again", () => {
  const path = folder();
  const first = SearchIndex.open(path);
  expect(statSync(join(path, "search.db")).mode & 0o777).toBe(0o600);
  first.close();
  writeFileSync(join(path, "search.db"), "no database".repeat(1000));
  add(opened(path), "a", ["text"]);
  new DatabaseSync(join(path, "search.db")).exec("PRAGMA user_version = 1");
  expect(opened(path).has({ name: "a", state: "1" })).toBe(false);
  chmodSync(path, 0o777);
  expect(() => SearchIndex.open(path)).toThrow("others may write to the folder");
});

describe("a pattern's requirement", () => {
  test.each([
    ["abc", true],
    ["ab", false],
    ["a.c", false],
    ["abc|x", false],
    ["abc|xyz", true],
    ["(?:abc)?", false],
    ["(abc)+", true],
    ["abcd*", true],
    ["abc*", false],
    ["ab{2,}c", false],
    ["a(bc)d", false],
    ["\\babc\\b", true],
    ["\\.\\.\\.", true],
    ["\\x61\\x62\\x63", false],
    ["(?=abc)", false],
    ["(?<name>abc)", true],
    ["[abc]", false],
    [`abc${"(".repeat(60)}${")".repeat(60)}|x`, false],
  ])("%s: %s", (source, isKnown) => {
    expect(requirementOf(source) !== null).toBe(isKnown);
  });

  const letter = fc.constantFrom("a", "b", "A", "é", "ſ", "K", " ", "-", "1");
  const atom = fc.oneof(
    letter,
    letter,
    letter,
    fc.constantFrom(
      ".",
      "\\w",
      "\\d",
      "\\.",
      "\\x61",
      "\\u0061",
      "[ab]",
      "[^a]",
      "^",
      "$",
      "\\b",
      "\\B",
      "{",
      "\\cA",
      "\\0",
    ),
  );
  const { source } = fc.letrec<{ source: string; sequence: string; piece: string }>((tie) => ({
    source: fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((all) => all.join("|")),
    sequence: fc.array(tie("piece"), { maxLength: 6 }).map((all) => all.join("")),
    piece: fc
      .tuple(
        fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          atom,
          fc
            .tuple(fc.constantFrom("(", "(?:", "(?=", "(?!", "(?<=", "(?<n>"), tie("source"))
            .map(([open, inner]) => `${open}${inner})`),
        ),
        fc.constantFrom("", "", "", "", "*", "+", "?", "{2}", "{0,1}", "{1,}", "+?", "{0}"),
      )
      .map(([one, quantifier]) => one + quantifier),
  }));

  test("is met by every text that matches", () => {
    fc.assert(
      fc.property(
        source,
        fc.array(fc.string({ unit: letter, maxLength: 12 }), { maxLength: 20 }),
        fc.constantFrom("", "i"),
        (text, texts, flags) => {
          let pattern: RegExp;
          try {
            pattern = new RegExp(text, flags);
          } catch {
            return;
          }
          const requirement = requirementOf(text);
          const trigrams = new Trigrams();
          for (const one of texts) {
            if (!pattern.test(one)) continue;
            const marks = noMarks();
            trigrams.add(one, marks, 31);
            expect(blocksOf(requirement, (mark) => marks[mark] as number) >>> 31, `${text} ${one}`).toBe(1);
            if (flags === "") expect(one).toContain(literalOf(text));
          }
        },
      ),
      { numRuns: 20_000, interruptAfterTimeLimit: 20_000 },
    );
  });

  test("the index finds what a scan finds", () => {
    const lines = fc.array(fc.string({ unit: letter, maxLength: 12 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(lines, { minLength: 1, maxLength: 4 }),
        fc.array(source, { minLength: 20, maxLength: 20 }),
        (recordings, sources) => {
          const path = mkdtempSync(join(tmpdir(), "rec-index-"));
          const index = SearchIndex.open(path);
          const names = recordings.map((_, i) => `${i}`);
          for (const [i, texts] of recordings.entries()) add(index, `${i}`, texts);
          index.freeze();
          const sooner = SearchIndex.open(path, addonPath);
          for (const one of sources) {
            try {
              new RegExp(one);
            } catch {
              continue;
            }
            const pattern = new RegExp(one);
            const scanned = recordings.flatMap((texts, i) =>
              texts.flatMap((text, atMs) => (pattern.test(text) ? [`${i} ${atMs}`] : [])),
            );
            expect(found(index, one, names), one).toEqual(scanned);
            expect(found(sooner, one, names), one).toEqual(scanned);
          }
          sooner.close();
          index.close();
          rmSync(path, { recursive: true });
        },
      ),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    );
  });
});
