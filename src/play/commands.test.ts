import { describe, expect, test } from "vitest";
import type { Item } from "../format/item.ts";
import { Commands } from "./commands.ts";

/** Pieces of output, a second between each. */
function seen(pieces: readonly string[], columns = 40): string[] {
  const commands = new Commands();
  commands.take({ kind: "window", atMs: 0, columns, rows: 10 } as Item);
  for (const [index, piece] of pieces.entries()) {
    commands.take({ kind: "output", atMs: index * 1000, bytes: Buffer.from(piece) } as Item);
  }
  return commands.found.map(
    ({ atMs, text, isTold, status }) => `${atMs} ${isTold ? "told" : "guessed"} ${status} ${text}`,
  );
}

const promptTold = "\x1b]133;A\x07alice@vm:~$ \x1b]133;B\x07";

describe("guessed", () => {
  test.each<[string, string[], string[]]>([
    [
      "keys one by one",
      ["root@vm:~# ", "l", "s", "\r\n", "a  b\r\nroot@vm:~# ", "i", "d", "\r\n"],
      ["3000 guessed null ls", "7000 guessed null id"],
    ],
    ["all in one piece", ["$ ls\r\na b\r\n$ id\r\nuid=0\r\n$ "], []],
    ["a prompt alone", ["$ ", "\r\n", "$ ", "\r\n"], []],
    ["what was deleted again", ["$ ", "lsx", "\b \b", "\r\n"], ["3000 guessed null ls"]],
    ["a line that was wrapped", ["$ ", "x".repeat(50), "\r\n"], [`2000 guessed null ${"x".repeat(50)}`]],
    ["colours", ["\x1b[1;32malice\x1b[0m> ", "make", "\r\n"], ["2000 guessed null make"]],
    ["output that is no prompt", ["50 ", "100", "\r\n"], []],
    [
      "what was pasted, or typed ahead, at a prompt that was seen before",
      [
        "al@vm:~$ ",
        "cd /etc\r\nal@vm:/etc$ ls -l\r\na: b\r\nal@vm:/etc$ ",
        "echo $ 1",
        "\r\n$ 1\r\nal@vm:/etc$ exit\r\n",
      ],
      ["1000 guessed null cd /etc", "1000 guessed null ls -l", "3000 guessed null echo $ 1", "3000 guessed null exit"],
    ],
    [
      "the same, wrapped, in another form of prompt",
      ["[al@vm ~]# ", `id\r\n[al@vm etc]# ${"x".repeat(50)}\r\n[al@vm etc]# \r\n`],
      ["1000 guessed null id", `1000 guessed null ${"x".repeat(50)}`],
    ],
    [
      "no line of text after a prompt that says nothing",
      ["# ", "cat x", "\r\n# Title\r\n"],
      ["2000 guessed null cat x"],
    ],
    [
      "nothing of a full-screen program",
      ["$ ", "vi", "\r\n", "\x1b[?1049h\x1b[H# ", "dd", "\r\n", "\x1b[?1049l$ ", "id", "\r\n"],
      ["2000 guessed null vi", "8000 guessed null id"],
    ],
  ])("%s", (_, pieces, expected) => {
    expect(seen(pieces)).toEqual(expected);
  });
});

describe("told", () => {
  test.each<[string, string[], string[]]>([
    ["with its status", [promptTold, "ls", "\r\n", "\x1b]133;C\x07a b\r\n", "\x1b]133;D;2\x07"], ["3000 told 2 ls"]],
    [
      "in several lines",
      [promptTold, "for i in 1\r\n> do id\r\n> done", "\r\n\x1b]133;C\x07"],
      ["2000 told null for i in 1\n> do id\n> done"],
    ],
    ["wrapped", [promptTold, "x".repeat(60), "\r\n\x1b]133;C\x07"], [`2000 told null ${"x".repeat(60)}`]],
    ["nothing entered", [promptTold, "\r\n", promptTold, "\r\n"], []],
    [
      "and within it one who does not tell",
      [promptTold, "sh", "\r\n\x1b]133;C\x07", "# ", "id", "\r\n", "\x1b]133;D;0\x07"],
      ["2000 told 0 sh", "5000 guessed null id"],
    ],
    [
      "although the screen scrolled",
      [`${"\r\n".repeat(30)}${promptTold}`, `${"x".repeat(45)}`, "\r\n\x1b]133;C\x07"],
      [`2000 told null ${"x".repeat(45)}`],
    ],
  ])("%s", (_, pieces, expected) => {
    expect(seen(pieces)).toEqual(expected);
  });
});
