/** The command that changes one line: run as it is printed, and only where the line is still the one that was seen. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { siteTree } from "../../../test/harness/site-tree.ts";
import { lineOf, placeOf, replacing } from "./line.ts";

test("whatever the line holds is replaced as it is, and no other line", () => {
  const { root, write, host } = siteTree();
  const path = join(root, "a file");
  const text = fc.string({ unit: fc.constantFrom(..."ab\\/.*[]^$&'\"|+?(){} \t~#"), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(text, text, (from, to) => {
      write("/a file", `${from}\nx${from}y${from}\n${from}\n`);
      const line = { path, number: 2, text: `x${from}y${from}` };
      execFileSync("bash", ["-c", replacing(line, from, to)]);
      expect(readFileSync(path, "utf8")).toBe(`${from}\n${line.text.replace(from, () => to)}\n${from}\n`);
    }),
    { numRuns: 60 },
  );
  write("/a file", "1\nchanged since\n");
  execFileSync("bash", ["-c", replacing({ path, number: 2, text: "2" }, "2", "3")]);
  expect(host.text("/a file")).toBe("1\nchanged since\n");
});

test("a line is named by its number, and a file that is not to be read by its name", () => {
  const { write, host } = siteTree();
  write("/file", "one\ntwo\ntwo\n");
  expect(lineOf(host, "/file", /^two/)).toEqual({ path: "/file", number: 2, text: "two" });
  expect([placeOf(host, "/file", /two/), placeOf(host, "/file", /three/), placeOf(host, "/etc", /x/)]).toEqual([
    "/file:2",
    "/file",
    "/etc",
  ]);
});
