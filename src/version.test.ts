import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version, versionDate } from "./version.ts";

test("the version is package.json's", () => {
  expect(version).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
  expect(versionDate).toMatch(/^\d{4}-\d\d-\d\d$/);
});
