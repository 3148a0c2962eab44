import { expect, test } from "vitest";
import { variable, withVariable } from "./environment.ts";

test.each([
  ["A=1\0B=2\0", "B", "2"],
  ["A=1\0A=2\0", "A", "1"],
  ["A=1\0B", "C", undefined],
  ["A=1\0B=2", "B", "2"],
  ["AB=1\0", "A", undefined],
  ["", "A", undefined],
])("of %j the variable %s is %j", (block, name, value) => {
  expect(variable(Buffer.from(block), name)?.toString()).toBe(value);
});

test("a block that was cut short is one to set a variable in", () => {
  expect(Buffer.from(withVariable(Buffer.from("A=1\0B=2"), "A", "3")).toString()).toBe("A=3\0B=2");
});
