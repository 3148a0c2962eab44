import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Context } from "./context.ts";
import { foldersOf } from "./keep.ts";

function foldersWith(names: readonly string[], hasSite: boolean, named?: readonly string[]): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "rec-keep-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  for (const name of names) mkdirSync(join(home, name), { recursive: true });
  const siteFolder = hasSite ? join(home, "site") : null;
  const environment = (name: string) => (name === "XDG_DATA_HOME" ? home : undefined);
  const folders = foldersOf({ environment, siteFolder } as Context, { folder: named });
  return folders.map((folder) => folder.replace(`${home}/`, ""));
}

test.each<[readonly string[], boolean, readonly string[]]>([
  [["rec-session", "site"], true, ["rec-session", "site"]],
  [["site"], true, ["site"]],
  [["rec-session"], true, ["rec-session"]],
  [[], true, ["rec-session"]],
  [["rec-session", "site"], false, ["rec-session"]],
])("of %j, with a site's folder %s: %j", (there, hasSite, expected) => {
  expect(foldersWith(there, hasSite)).toEqual(expected);
});

test("what is named is all that is meant", () => {
  expect(foldersWith(["rec-session", "site"], true, ["x"])).toEqual(["x"]);
});
