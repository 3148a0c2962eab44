import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MessageFile } from "./message-file.ts";
import { Selection } from "./reader/selection.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-file-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("lines that are none of the recording's leave turns to everything else", async () => {
  const path = join(folder, "a.jsonl");
  writeFileSync(path, "\n".repeat(1000));
  const file = (await MessageFile.open(path, new Selection())) as MessageFile;
  let nowS = 0;
  // Each look at the clock finds that a turn's time has passed.
  vi.spyOn(process, "uptime").mockImplementation(() => ++nowS);
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    for (; !isOver; turns++) await new Promise((resolve) => setImmediate(resolve));
  })();
  expect(await file.open().read()).toEqual([]);
  isOver = true;
  await others;
  expect(turns).toBeGreaterThan(500);
  await file.close();
});
