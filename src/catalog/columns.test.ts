import { expect, test } from "vitest";
import { cellsOf, inColumns } from "./columns.ts";

const columns = [{ title: "ID" }, { title: "USER", min: 5, worth: 1 }, { title: "WHAT", min: 4, worth: 2 }];
const rows = [
  ["1", "alexandra", "a very long command"],
  ["22", "bob", "漢字漢字漢字"],
];

test.each([
  [null, ["ID  USER       WHAT", "1   alexandra  a very long command", "22  bob        漢字漢字漢字"]],
  [26, ["ID  USER       WHAT", "1   alexandra  a very lon…", "22  bob        漢字漢字漢…"]],
  [17, ["ID  USER    WHAT", "1   alexa…  a ve…", "22  bob     漢字…"]],
  [15, ["ID  USER   WHAT", "1   alex…  a v…", "22  bob    漢…"]],
  [14, ["ID  WHAT", "1   a very lo…", "22  漢字漢字…"]],
  [5, ["ID", "1", "22"]],
  [1, ["…", "1", "…"]],
])("in %s columns", (width, lines) => {
  expect(inColumns(columns, rows, width).trimEnd().split("\n")).toEqual(lines);
  if (width === null || width < 2) return;
  for (const line of lines) expect(cellsOf(line)).toBeLessThanOrEqual(width);
});

test("what is worth less stays where it has room and what is worth more has none", () => {
  const some = [{ title: "ID" }, { title: "SIZE", worth: 1 }, { title: "STARTED", worth: 2 }];
  const all = [["1", "90", "yesterday"]];
  expect(inColumns(some, all, 19)).toBe("ID  SIZE  STARTED\n1   90    yesterday\n");
  expect(inColumns(some, all, 18)).toBe("ID  STARTED\n1   yesterday\n");
  expect(inColumns(some, all, 12)).toBe("ID  SIZE\n1   90\n");
});

test("where nothing is cut, one long text fills no other row up", () => {
  const long = "x".repeat(1000);
  const lines = inColumns(
    columns,
    [
      ["1", long, "a"],
      ["2", "bob", "b"],
    ],
    null,
  ).split("\n");
  expect(lines[1]).toBe(`1   ${long}  a`);
  expect(lines[2]).toBe(`2   bob${" ".repeat(63)}b`);
});

test.each([
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 1],
  ["漢", 2],
  ["🙂", 2],
  ["…", 1],
])("%j has %i cells", (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});
