/** The page that recctl export makes: how long a browser takes to its first frame, and to a moment far from it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { add, type Bench, megabyte, type Samples } from "./bench.ts";
import { root } from "./contestant.ts";
import { shownText, writeRecordingFile } from "./recording-files.ts";
import { type Row, rowOf } from "./row.ts";

const recctl = join(root, "bin/recctl");
const browserPath = "/usr/bin/chromium";
const shownBytes = 10 * megabyte;

declare const window: { player: { getDuration(): number; seek(at: number): Promise<unknown> } };
declare const document: { querySelector(selector: string): { textContent: string } | null };

export async function measurePage(bench: Bench): Promise<Row[]> {
  const folder = join(bench.folder, "page");
  mkdirSync(folder);
  writeRecordingFile(folder, 0, shownText(shownBytes, 1));
  const path = join(folder, "page.html");
  const [name = ""] = readdirSync(folder);
  const { status, stderr } = spawnSync(recctl, ["export", "--format", "html", "-o", path, join(folder, name)]);
  if (status !== 0) throw new Error(`no page is made: ${stderr}`);
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  const samples = { first: {}, seek: {} } satisfies Record<string, Samples>;
  try {
    await bench.interleave(["rec"], async (one) => {
      const page = await browser.newPage();
      const start = performance.now();
      await page.goto(`file://${path}`);
      while ((await shownIn(page)).trim() === "") await page.waitForTimeout(10);
      add(samples.first, one, (performance.now() - start) / 1000);
      const seekStart = performance.now();
      await page.evaluate(() => window.player.seek(window.player.getDuration()));
      add(samples.seek, one, (performance.now() - seekStart) / 1000);
      await page.close();
    });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  const what = `page of ${shownBytes / megabyte} MB`;
  return [
    rowOf({ what: `${what}: first frame`, unit: "s", samples: samples.first }, [{ bound: "<=", limit: 3 }]),
    rowOf({ what: `${what}: seek to its end`, unit: "s", samples: samples.seek }, []),
  ];
}

async function shownIn(page: Page): Promise<string> {
  return await page.evaluate(() => document.querySelector(".ap-term")?.textContent ?? "");
}
