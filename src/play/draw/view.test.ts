import { expect, test } from "vitest";
import { View } from "./view.ts";

const screen = { columns: 200, rows: 50 };
const window = { columns: 80, rows: 24 };
const placed = (view: View, column: number, row: number, of = screen) => {
  view.place(of, window, { column, row });
  return [view.column, view.row];
};

test("what fits is shown from its first cell", () => {
  expect(placed(new View(), 79, 23, { columns: 80, rows: 24 })).toEqual([0, 0]);
});

test("goes with the cursor, no farther than it must", () => {
  const view = new View();
  expect(placed(view, 10, 10)).toEqual([0, 0]);
  expect(placed(view, 80, 30)).toEqual([1, 7]);
  expect(placed(view, 60, 20)).toEqual([1, 7]);
  expect(placed(view, 0, 0)).toEqual([0, 0]);
});

test("moved by hand it stays, until the cursor comes into sight", () => {
  const view = new View();
  placed(view, 0, 0);
  view.move(100, 20);
  expect(placed(view, 0, 0)).toEqual([100, 20]);
  expect(placed(view, 5, 0)).toEqual([100, 20]);
  expect(placed(view, 100, 30)).toEqual([100, 20]);
  expect(placed(view, 0, 0)).toEqual([0, 0]);
});

test("stays on the screen, also when that shrinks", () => {
  const view = new View();
  view.move(1000, 1000);
  expect(placed(view, 0, 0)).toEqual([120, 26]);
  expect(placed(view, 0, 0, { columns: 100, rows: 10 })).toEqual([20, 0]);
  view.move(-1000, -1000);
  expect(placed(view, 99, 9)).toEqual([0, 0]);
});
