import { describe, expect, test } from "vitest";
import { attribute, type Cell, defaultColour, emptyCell, trueColour } from "./cell.ts";
import { Emulator } from "./emulator.ts";
import type { TerminalEvent } from "./event.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function shown(text: string, columns = 20, rows = 4): Emulator {
  const emulator = Emulator.open({ scrollback: 100 });
  emulator.resize(columns, rows);
  emulator.feed(bytes(text));
  return emulator;
}

function cellAt(emulator: Emulator, column: number, row = 0): Cell {
  const cells: Cell[] = [];
  emulator.readRow(row, cells);
  return cells[column] ?? emptyCell();
}

const texts = (emulator: Emulator) => Array.from({ length: emulator.rows }, (_, row) => emulator.rowText(row));

test("one that is restored has nothing of one that was closed", () => {
  const plain = shown("one\r\ntwo").snapshot();
  const before = shown("\u001b[1;4:3;38;2;1;2;3;44me\u0301漢\r\n\u001b[?1049h👨‍👩‍👧xyz", 30, 9);
  before.close();
  expect(Emulator.restore(plain).snapshot()).toEqual(plain);
  shown("xyz\u0301").close();
  expect(texts(Emulator.restore(plain))).toEqual(["one", "two", "", ""]);
});

describe("the screen", () => {
  const plain: Omit<Cell, "text"> = { width: 1, foreground: defaultColour, background: defaultColour, attributes: 0 };
  const cells: [string, string, number, Cell][] = [
    ["a letter", "a", 0, { ...plain, text: "a" }],
    ["nothing", "a", 1, { ...plain, text: "" }],
    ["a colour of 16", "\u001b[31;104ma", 0, { ...plain, text: "a", foreground: 1, background: 12 }],
    ["a colour of 256", "\u001b[38;5;200;48;5;9ma", 0, { ...plain, text: "a", foreground: 200, background: 9 }],
    ["a true colour", "\u001b[38;2;1;2;3ma", 0, { ...plain, text: "a", foreground: trueColour + 0x010203 }],
    ["bold and inverse", "\u001b[1;7ma", 0, { ...plain, text: "a", attributes: attribute.bold + attribute.inverse }],
    ["a curly underline", "\u001b[4:3ma", 0, { ...plain, text: "a", attributes: attribute.underline }],
    ["a combined character", "e\u0301", 0, { ...plain, text: "e\u0301" }],
    ["a mark after a change of colour", "e\u001b[31m\u0301", 0, { ...plain, text: "e\u0301" }],
    ["a wide character", "漢", 0, { ...plain, text: "漢", width: 2 }],
    ["its second half", "漢", 1, { ...plain, text: "", width: 0 }],
    ["a picture", "😀", 0, { ...plain, text: "😀", width: 2 }],
    ["a picture of the first plane", "✅x", 2, { ...plain, text: "x" }],
    ["a drawn line", "\u001b(0q", 0, { ...plain, text: "─" }],
  ];

  test.each(cells)("%s", (_, text, column, expected) => {
    expect(cellAt(shown(text), column)).toEqual(expected);
  });

  test("cells are used again, and as many as the row has", () => {
    const cells = [emptyCell(), emptyCell(), emptyCell(), emptyCell()];
    const [first] = cells;
    shown("漢", 3).readRow(0, cells);
    expect(cells).toHaveLength(3);
    expect(cells[0]).toBe(first);
    expect(first?.text).toBe("漢");
  });

  test("has its cursor where the program has it", () => {
    expect(shown("ab\r\nc").cursor).toEqual({ column: 1, row: 1, isVisible: true });
    expect(shown("\u001b[?25l").cursor.isVisible).toBe(false);
    // Past the last column until the next character: drawn on it.
    expect(shown("abc", 3).cursor.column).toBe(2);
  });

  test("keeps lines above it", () => {
    const emulator = shown("1\r\n2\r\n3\r\n4\r\n5\r\n6", 20, 4);
    expect(emulator.scrollbackRows).toBe(2);
    expect([emulator.rowText(-2), emulator.rowText(-1), ...texts(emulator)]).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(emulator.rowText(-3)).toBe("");
  });

  test("tells rows that go on", () => {
    const emulator = shown("abcdef", 4);
    expect([emulator.isWrapped(0), emulator.isWrapped(1)]).toEqual([false, true]);
  });

  test("is another one while a program has the alternate screen", () => {
    const emulator = shown("a\u001b[?1049hb");
    expect([emulator.isAlternate, emulator.rowText(0)]).toEqual([true, " b"]);
    emulator.feed(bytes("\u001b[?1049l"));
    expect([emulator.isAlternate, emulator.rowText(0)]).toEqual([false, "a"]);
  });
});

describe("the window", () => {
  test("without one a line feed begins a new line, as for a pipe", () => {
    const emulator = Emulator.open();
    emulator.feed(bytes("a\nb"));
    expect(texts(emulator).slice(0, 2)).toEqual(["a", "b"]);
  });

  test("with one a line feed only goes down", () => {
    expect(texts(shown("a\nb")).slice(0, 2)).toEqual(["a", " b"]);
  });

  test.each([7, 13, 17, 19, 29])("of another width, of %i, changes no character of a line that goes on", (columns) => {
    const line = Array.from({ length: 60 }, (_, at) => (at % 3 === 1 ? `${"aeiou"[at % 5]}\u0301` : `${at % 10}`)).join(
      "",
    );
    const emulator = shown(`${"x\u0300".repeat(60)}\r\u001b[2A${line}\r\n\n\n\n`, 20, 30);
    emulator.resize(columns, 30);
    expect(texts(emulator).join("")).toBe(line);
  });

  test("that is so narrow that the first lines have no room leaves the last one as it is", () => {
    const emulator = Emulator.open({ scrollback: 30 });
    // The sequence goes a line down.
    emulator.feed(bytes(`${"long line ".repeat(20)}\u0084`));
    emulator.resize(3, 19);
    emulator.feed(bytes("  "));
    emulator.resize(6, 19);
    emulator.feed(bytes("🈀     ⺀   "));
    emulator.resize(2, 19);
    expect(texts(emulator).slice(-4)).toEqual(["", " 🈀", "  ", " "]);
  });

  test("that came before the alternate screen leaves it no lines above", () => {
    const emulator = Emulator.open();
    emulator.resize(20, 2);
    emulator.feed(bytes(`\u001b[?47h${"line\r\n".repeat(10)}`));
    expect(emulator.scrollbackRows).toBe(0);
    emulator.resize(20, 6);
    emulator.resize(30, 9);
    expect(texts(emulator)).toEqual(["line", ...Array.from({ length: 8 }, () => "")]);
  });

  test("without size is passed over, and the largest are bounded", () => {
    const emulator = shown("a");
    emulator.resize(0, 0);
    expect([emulator.columns, emulator.rows]).toEqual([20, 4]);
    emulator.resize(65535, 65535);
    expect([emulator.columns, emulator.rows]).toEqual([1000, 250]);
  });
});

test("what happens beside the screen is heard", () => {
  const emulator = shown("");
  const heard: TerminalEvent[] = [];
  emulator.listen((event) => heard.push(event));
  emulator.feed(bytes("\u0007\u001b]0;one\u0007\u001b]1;icon\u0007\u001b[22;0t\u001b]2;two\u001b\\\u001b[23;0t"));
  emulator.feed(bytes("\u001b[?1049h\u001b[?1049l\u001b]133;A\u0007$ \u001b]133;B\u0007\u001b]133;C\u0007"));
  emulator.feed(bytes("\u001b]133;D;2\u001b\\\u001b]133;D\u0007"));
  expect(heard).toEqual([
    { kind: "bell" },
    { kind: "title", title: "one" },
    { kind: "title", title: "two" },
    { kind: "title", title: "one" },
    { kind: "alternate", isOn: true },
    { kind: "alternate", isOn: false },
    { kind: "prompt" },
    { kind: "input" },
    { kind: "command" },
    { kind: "finished", status: 2 },
    { kind: "finished", status: null },
  ]);
  expect(emulator.title).toBe("one");
});

test("a string without an end in sight is passed over, and costs no memory", () => {
  const emulator = shown("\u001b]0;one\u0007");
  for (const [begin, end] of [
    ["\u001b]0;", "\u0007"],
    ["\u001bP$q", "\u001b\\"],
  ] as const) {
    emulator.feed(bytes(begin + "x".repeat(65_537) + end));
    emulator.feed(bytes("b"));
  }
  expect([emulator.title, emulator.rowText(0)]).toEqual(["one", "bb"]);
});

test("a title is cut, and the stack of titles has an end", () => {
  const emulator = shown(`\u001b]2;${"x".repeat(5000)}\u0007${"\u001b[22;2t".repeat(1000)}`);
  expect(emulator.title).toHaveLength(1000);
  emulator.feed(bytes("\u001b]2;y\u0007"));
  expect(emulator.snapshot().length).toBeLessThan(20_000);
});

describe("a snapshot", () => {
  const whole: [string, string | Uint8Array, boolean][] = [
    ["after text", "a", true],
    ["after a sequence", "\u001b[m", true],
    ["inside a sequence", "\u001b[3", false],
    ["inside a command", "\u001b]0;a", false],
    ["after a command", "\u001b]0;a\u001b\\", true],
    ["inside a character", Uint8Array.of(0xe6, 0xbc), false],
  ];
  test.each(whole)("%s, whether one can be taken", (_, text, expected) => {
    const emulator = shown("");
    emulator.feed(typeof text === "string" ? bytes(text) : text);
    expect(emulator.isWhole).toBe(expected);
  });

  test.each([1, 7, 8, 9, 60])("of %i letters with marks in a row is another's beginning", (count) => {
    const snapshot = shown("e\u0301x\u0302".repeat(count)).snapshot();
    expect(Emulator.restore(snapshot).snapshot()).toEqual(snapshot);
  });

  test("of another version, cut short, or too long is refused", () => {
    const snapshot = shown("abc").snapshot();
    const other = Buffer.from(Buffer.from(snapshot).toString("latin1").replace('"version":6', '"version":5'), "latin1");
    expect(() => Emulator.restore(other)).toThrow(RangeError);
    expect(() => Emulator.restore(Uint8Array.from([...snapshot, 0]))).toThrow(RangeError);
    for (let length = 0; length < snapshot.length; length++) {
      expect(() => Emulator.restore(snapshot.subarray(0, length))).toThrow();
    }
  });
});

test("everything up to the last cell can be erased", () => {
  const emulator = shown("a\u001b[4;20Hb");
  emulator.feed(bytes("\u001b[1J"));
  expect(texts(emulator)).toEqual(["", "", "", ""]);
  const other = Emulator.restore(shown("a\u001b[4;20Hb").snapshot());
  other.feed(bytes("\u001b[1Jc"));
  expect(texts(other).join("").trim()).toBe("c");
});

describe("hostile output is bounded", () => {
  test.each("@LMPSTXZIb".split(""))("repetition of %s", (final) => {
    const once = shown(`ab\r\ncd\u001b[2000000000${final}e`);
    expect(once.isWhole).toBe(true);
  });

  test("marks on one character", () => {
    const emulator = shown(`e${"\u0301".repeat(10_000)}${"\u001b[m\u0301".repeat(1000)}x`);
    expect(cellAt(emulator, 0).text.length).toBeLessThan(100);
    expect(cellAt(emulator, 1).text).toBe("x");
  });

  test("links are not kept", () => {
    const emulator = shown(`\u001b]8;;http://example.org/${"x".repeat(10_000)}\u0007a\u001b]8;;\u0007`);
    expect(emulator.snapshot().length).toBeLessThan(5000);
    expect(cellAt(emulator, 0).attributes).toBe(0);
  });
});

test("a narrower window leaves nothing to be done later: xterm would warn on the console where the host is slow", async () => {
  const emulator = Emulator.open();
  emulator.resize(200, 50);
  for (let line = 0; line < 500; line++) emulator.feed(Buffer.from("a line\r\n"));
  const before = process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  emulator.resize(20, 50);
  expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBe(before);
});
