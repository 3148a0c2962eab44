/** Output that makes an emulator work hard for few bytes: whatever a program can send to its terminal, and the windows a user can set. */
import type { Item } from "../../src/format/item.ts";

/** The largest window that is shown. */
const columns = 1000;
const rows = 250;

type Make = (bytes: number) => Item[];

const window = (width: number, height: number): Item => ({ kind: "window", atMs: 0, columns: width, rows: height });
const output = (text: string, atMs = 0): Item => ({ kind: "output", atMs, bytes: Buffer.from(text) });
/** In the largest window, after that, again and again. */
const again =
  (text: string, before = ""): Make =>
  (bytes) => [window(columns, rows), output(before), output(text.repeat(Math.floor(bytes / text.length)))];
/** What fills the screen with text, in few bytes. */
const full = "\u001b#8";
const wrapped = "x".repeat(50 * columns);

function windows(before: string, sizes: readonly (readonly [number, number])[], between = ""): Make {
  // A window takes some eight bytes of a message.
  const each = 8 + between.length;
  return (bytes) => [
    window(columns, rows),
    output(before),
    ...Array.from({ length: Math.floor(bytes / each) }, (_, number) => {
      const [width, height] = sizes[number % sizes.length] as readonly [number, number];
      return [window(width, height), ...(between === "" ? [] : [output(between)])];
    }).flat(),
  ];
}

const filled = `${wrapped}\r\n`.repeat(25);

/** Named by what is done again and again. */
export const expensive: readonly (readonly [string, Make])[] = [
  ["full resets", again("\u001bc")],
  ["full resets of a full screen", again(`${full}\u001bc`)],
  ["the screen erased", again("\u001b[2J")],
  ["below erased", again("\u001b[J", "\u001b[H")],
  ["all but protected erased", again("\u001b[?2J", `${full}`)],
  ["the screen filled", again(full)],
  ["filled and erased", again(`${full}\u001b[2J`)],
  ["filled, erased above", again(`${full}\u001b[250;999H\u001b[1J`)],
  ["all scrolled up", again("\u001b[999S")],
  ["all scrolled down", again("\u001b[999T")],
  ["filled and scrolled", again(`${full}\u001b[250S`)],
  ["lines inserted", again("\u001b[999L", "\u001b[H")],
  ["lines deleted", again("\u001b[999M", "\u001b[H")],
  ["one line inserted", again("\u001b[L", "\u001b[H")],
  ["reverse index", again("\u001bM", "\u001b[H")],
  ["line feeds", again("\n", "\u001b[250H")],
  ["line feeds in a region", again("\n", "\u001b[1;249r\u001b[249H")],
  ["scrolled left", again("\u001b[ @", full)],
  ["scrolled right", again("\u001b[ A", full)],
  ["columns inserted", again("\u001b['}", full)],
  ["columns deleted", again("\u001b['~", full)],
  ["letters with marks scrolled right", again("\u001b[ A", "e\u0301".repeat(columns * 240))],
  ["characters inserted", again("\u001b[@", full)],
  ["insert mode", again("a\r", `\u001b[4h${"e\u0301".repeat(columns)}\r`)],
  ["a character repeated", again("\u001b[999b", "x")],
  ["a character with marks repeated", again("\u001b[999b", `e${"\u0301".repeat(63)}`)],
  ["the alternate screen", again("\u001b[?1049h\u001b[?1049l")],
  ["the alternate screen, 47", again("\u001b[?47h\u001b[?47l")],
  ["tabs", again("\u001b[999I\r", "\u001b[3g")],
  ["erased line by line", again("\u001b[2K\u001b[B")],
  ["cursors at the end of a long line", again("\u001b7", wrapped)],
  ["a long line changed", again("a\b\u001b7", wrapped)],
  ["palettes", again("4;1;", "\u001b]")],
  ["titles", again("\u001b]0;x\u0007")],
  ["marks", again("\u0301", "e")],
  [
    "windows wider and narrower",
    windows(filled, [
      [1000, 250],
      [999, 250],
    ]),
  ],
  [
    "windows wide and high",
    windows(filled, [
      [1000, 250],
      [250, 1000],
    ]),
  ],
  [
    "windows small and large",
    windows(filled, [
      [2, 250],
      [1000, 250],
    ]),
  ],
  [
    "windows between characters",
    windows(
      filled,
      [
        [1000, 250],
        [997, 250],
      ],
      "x",
    ),
  ],
];

export function expensiveItems(make: Make, bytes: number): Item[] {
  return make(bytes).map((item, number) => ("atMs" in item ? { ...item, atMs: number } : item) as Item);
}
