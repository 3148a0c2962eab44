import xterm from "@xterm/headless";
import { describe, expect, test } from "vitest";
import { fc } from "../../../test/harness/fast-check.ts";
import { Frame } from "./frame.ts";
import { opening, Painter } from "./painter.ts";

const columns = 12;
const rows = 4;

function filled(...lines: string[]): Frame {
  const frame = new Frame(columns, rows);
  for (const [row, line] of lines.entries()) frame.write(0, row, line, "");
  return frame;
}

/** What an independent terminal shows after that output. */
async function shown(output: string): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: rows * columns }, (_, at) => {
    const cell = active.getLine(Math.floor(at / columns))?.getCell(at % columns);
    const looks = [cell?.getFgColor(), cell?.getBgColor(), cell?.isBold() === 0 ? "" : "bold"].join("/");
    return cell?.getWidth() === 0 ? "" : `${cell?.getChars() || " "} ${looks}`;
  });
}

async function expectedOf(frame: Frame): Promise<string[]> {
  return await shown(opening + new Painter(false).paint(frame));
}

/** Widths that the terminal of this test agrees on, and some that it does not. */
const glyphs = fc.constantFrom(
  ...(["a", "b", " ", " ", "\u00e9", "e\u0301"] as const).map((text) => [text, 1] as const),
  ["\u6f22", 2] as const,
  ["\u3042", 2] as const,
);
const styles = fc.constantFrom("", "", "1", "31", "48;5;200", "38;2;1;2;3");
const puts = fc.array(fc.tuple(fc.nat(columns - 1), fc.nat(rows - 1), glyphs, styles), { maxLength: 60 });

function frameOf(list: readonly [number, number, readonly [string, 1 | 2], string][], base?: Frame): Frame {
  const frame = new Frame(columns, rows);
  if (base !== undefined) {
    frame.texts.splice(0, frame.texts.length, ...base.texts);
    frame.styles.splice(0, frame.styles.length, ...base.styles);
  }
  for (const [column, row, [text, width], style] of list) frame.put(column, row, text, width, style);
  return frame;
}

describe("painting", () => {
  test("nothing has changed, nothing is written", () => {
    const painter = new Painter(true);
    painter.paint(filled("abc"));
    expect(painter.paint(filled("abc"))).toBe("");
  });

  test("one cell has changed, one is written", () => {
    const painter = new Painter(false);
    painter.paint(filled("abcdefghij", "klm"));
    expect(painter.paint(filled("abcdefghiJ", "klm"))).toBe("\u001b[1;10HJ");
  });

  test("what is left of a line is erased", () => {
    const painter = new Painter(false);
    painter.paint(filled("abcdefghij"));
    expect(painter.paint(filled("abc"))).toBe("\u001b[1;4H\u001b[K");
  });

  test("after a character of doubtful width comes a position", () => {
    const painter = new Painter(false);
    painter.paint(filled("", "abc"));
    expect(painter.paint(filled("", "a\u26f7c"))).toBe("\u001b[2;2H\u26f7\u001b[2;3Hc");
  });

  test("the cursor is shown where it is, and hidden", () => {
    const painter = new Painter(false);
    const one = filled();
    painter.paint(one);
    const two = filled();
    two.cursor = { column: 3, row: 1 };
    expect(painter.paint(two)).toBe("\u001b[2;4H\u001b[?25h");
    expect(painter.paint(filled())).toBe("\u001b[?25l");
  });

  test("a picture is told to begin and to end", () => {
    expect(new Painter(true).paint(filled("a"))).toMatch(/^\u001b\[\?2026h.*\u001b\[\?2026l$/);
  });

  test("any picture after any other looks as if painted alone", async () => {
    await fc.assert(
      fc.asyncProperty(puts, puts, puts, async (first, second, third) => {
        const painter = new Painter(false);
        const one = frameOf(first);
        const two = frameOf(second, one);
        const three = frameOf(third);
        const output = opening + painter.paint(one) + painter.paint(two);
        expect(await shown(output)).toEqual(await expectedOf(two));
        expect(await shown(output + painter.paint(three))).toEqual(await expectedOf(three));
      }),
      { numRuns: 300 },
    );
  });

  test("painted alone, every cell is as the frame says", async () => {
    await fc.assert(
      fc.asyncProperty(puts, async (list) => {
        const frame = frameOf(list);
        const texts = (await expectedOf(frame)).map((cell) => cell.split(" ")[0] || (cell === "" ? "" : " "));
        expect(texts).toEqual(frame.texts);
      }),
      { numRuns: 300 },
    );
  });
});
