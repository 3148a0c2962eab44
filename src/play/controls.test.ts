import { describe, expect, test } from "vitest";
import { Controls } from "./controls.ts";

/** What the last of the keys asks for, and what is being typed then. */
function press(...keys: string[]): [unknown, string] {
  const controls = new Controls();
  return [keys.map((key) => controls.press(key)).at(-1), controls.typed];
}

const characters = (text: string) => [...text];

describe("controls", () => {
  test.each([
    ["g", 0],
    ["G", Number.POSITIVE_INFINITY],
    ["90g", 90_000],
    ["1:30G", 90_000],
    ["1:02:03g", 3_723_000],
    ["0G", 0],
    [":g", 0],
  ])("%s goes to %d ms", (keys, atMs) => {
    expect(press(...characters(keys))).toEqual([{ kind: "go", atMs }, ""]);
  });

  test("what is no time is told", () => {
    expect(press(...characters("1:2:3:4G"))).toEqual([{ kind: "wrong", why: "1:2:3:4 is no time" }, ""]);
  });

  test("another key forgets the time", () => {
    expect(press(...characters("12pG"))).toEqual([{ kind: "go", atMs: Number.POSITIVE_INFINITY }, ""]);
    expect(press("1", "escape", "g")).toEqual([{ kind: "go", atMs: 0 }, ""]);
    expect(press("1", "escape")).toEqual([null, ""]);
  });

  test("a time is shown while it is typed, and bounded", () => {
    expect(press(...characters("1:30"))).toEqual([null, "1:30"]);
    expect(press(...characters("1".repeat(100)))).toEqual([null, "1".repeat(32)]);
  });

  test("a part of the whole", () => {
    expect(press(...characters("50%"))).toEqual([{ kind: "part", ratio: 0.5 }, ""]);
    for (const keys of ["%", "101%", "1:2%"]) expect(press(...characters(keys))[0]).toMatchObject({ kind: "wrong" });
  });

  test("a search takes every character until enter", () => {
    expect(press(...characters("/qG 1\u00e9"))).toEqual([null, "/qG 1\u00e9"]);
    expect(press(...characters("/qG"), "enter")).toEqual([{ kind: "search", direction: 1, words: "qG" }, ""]);
    expect(press(...characters("?x"), "enter")).toEqual([{ kind: "search", direction: -1, words: "x" }, ""]);
  });

  test("a search is corrected, taken back, repeated", () => {
    expect(press(...characters("/ab"), "backspace", "c")).toEqual([null, "/ac"]);
    expect(press("/", "\u{1f600}", "backspace")).toEqual([null, "/"]);
    expect(press("/", "backspace")).toEqual([null, ""]);
    expect(press(...characters("/ab"), "\u0015")).toEqual([null, "/"]);
    expect(press(...characters("/ab"), "escape")).toEqual([null, ""]);
    expect(press("?", "enter")).toEqual([{ kind: "again", direction: -1 }, ""]);
    expect(press("/", "left", "\u0001", "x")).toEqual([null, "/x"]);
    expect(press("/", ...characters("y".repeat(1000)))[1]).toHaveLength(501);
  });

  test.each(["x", "toString", "enter", "\u0001", "\u00e9"])("%j asks for nothing", (key) => {
    expect(press(key)).toEqual([null, ""]);
  });
});
