import { describe, expect, test, vi } from "vitest";
import { Selection } from "./selection.ts";

const line = (text: string) => ({ text, place: "line 1", isWhole: true });
const of = (rec: string) => line(`{"ver":"2.3","rec":${JSON.stringify(rec)},"id":1}`);

describe("selection", () => {
  test("takes the first recording and counts the others", () => {
    const selection = new Selection();
    expect(["a", "b", "a", "c", "b"].map((rec) => selection.admits(of(rec)))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    expect(selection.rec).toBe("a");
    expect(selection.others).toEqual(["b", "c"]);
  });

  test("takes the recording that begins as wanted, and does not count those that do not", () => {
    const selection = new Selection("b");
    expect(["a", "bx", "by", "bx"].map((rec) => selection.admits(of(rec)))).toEqual([false, true, false, true]);
    expect(selection.others).toEqual(["by"]);
  });

  test("takes the recording of which a part after a dash is wanted", () => {
    const selection = new Selection("7-2");
    expect(["b-17-2", "b-7-2", "b-7-2"].map((rec) => selection.admits(of(rec)))).toEqual([false, true, true]);
    expect(selection.isWanted("c-7-2")).toBe(true);
  });

  test("what cannot say a recording is not parsed: an error for each line of a file of empty ones took minutes", () => {
    const parse = vi.spyOn(JSON, "parse");
    const selection = new Selection();
    const lines = ["", " ", "\r", "x", "rec", "{", "{}", '["rec"]', '{"id":1}'];
    expect(lines.map((text) => selection.admits(line(text)))).toEqual(lines.map(() => true));
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    expect(new Selection("b").admits(line('\t{"\\u0072ec":"a"}'))).toBe(false);
  });

  test.each(["", "{", "5", "null", '{"id":1}', '{"rec":5}'])("a line without an id is anybody's: %j", (text) => {
    expect(new Selection("b").admits(line(text))).toBe(true);
  });

  test("an id inside a message's text is not its id", () => {
    const selection = new Selection();
    selection.admits(of("a"));
    expect(selection.admits(line(JSON.stringify({ rec: "b", out_txt: '"rec":"a",' })))).toBe(false);
  });

  test("an id is recognised however the line is written", () => {
    const selection = new Selection("a");
    expect(selection.admits(line('{ "id": 1, "rec" : "\\u0061" }'))).toBe(true);
    expect(selection.admits(line('{"id":2, "rec" : "a" }'))).toBe(true);
    expect(selection.rec).toBe("a");
  });
});
