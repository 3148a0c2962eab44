/** The html export in a browser: it plays and seeks from a file, asks for nothing else, and shows hostile text as text. */
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatRecordingName } from "../../src/catalog/name.ts";
import { root, temporaryFolder } from "../harness/recorder.ts";
import { endOf, message, rec, start } from "./play-program.ts";

const recctl = join(root, "bin/recctl");
const executablePath = "/usr/bin/chromium";
const missing = existsSync(executablePath) ? null : "Debian's package chromium is not installed";

/** Lines of messages, the last of which ends the recording. */
function recording(outputs: readonly (readonly [atMs: number, text: string])[], began: object = start): string {
  const first = message({ id: 1, timing: "=80x24", start: began });
  const rest = outputs.map(([pos, out], index) =>
    message({ id: index + 2, pos, timing: `=80x24>${[...out].length}`, out }),
  );
  const end = message({
    id: outputs.length + 2,
    pos: outputs.at(-1)?.[0] ?? 0,
    timing: "",
    end: endOf(outputs.length + 2),
  });
  return [first, ...rest, end].join("");
}

function exported(lines: string, folder = temporaryFolder()): string {
  const path = join(folder, "page.html");
  const source = join(folder, formatRecordingName({ startedMs: 0, user: "x", rec }));
  writeFileSync(source, lines);
  const { status, stderr } = spawnSync(recctl, ["export", "--format", "html", "-o", path, source], { env: {} });
  expect([status, stderr.toString()]).toEqual([0, ""]);
  return path;
}

declare const window: {
  player: {
    play(): void;
    pause(): Promise<unknown>;
    seek(at: number): Promise<unknown>;
    getCurrentTime(): number;
    getDuration(): number;
  };
};
declare const document: { querySelector(selector: string): { textContent: string } | null };

/** Asks again and again from here: the page's policy lets it evaluate nothing. */
async function until(page: Page, isSo: (screen: string) => boolean): Promise<void> {
  let screen = "";
  for (let tries = 0; tries < 600; tries++) {
    screen = await page.evaluate(() => document.querySelector(".ap-term")?.textContent ?? "");
    if (isSo(screen)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`never came; the screen: ${screen}`);
}

describe.skipIf(missing !== null)(missing === null ? "in Chromium" : `in Chromium (skipped: ${missing})`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => await browser.close());

  /** The page, what it asked for beside itself, and what went wrong in it. */
  async function open(path: string): Promise<{ page: Page; requests: string[]; errors: string[] }> {
    const page = await browser.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("data:")) requests.push(request.url());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (said) => {
      if (said.type() === "error" || said.type() === "warning") errors.push(said.text());
    });
    page.on("dialog", (dialog) => {
      errors.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`file://${path}`);
    return { page, requests, errors };
  }

  test("it shows its first frame, plays to the end, and seeks both ways", async () => {
    const path = exported(
      recording([
        [0, "first größe 日本"],
        [400, "\r\n\u001b[31msecond"],
        [90_000, "\r\nthird"],
      ]),
    );
    const { page, requests, errors } = await open(path);
    await until(page, (screen) => screen.includes("first größe 日本"));
    expect(await page.evaluate(() => window.player.getDuration())).toBe(90);
    await page.evaluate(() => window.player.play());
    await until(page, (screen) => screen.includes("second"));
    await page.evaluate(() => window.player.pause());
    await page.evaluate(() => window.player.seek(90));
    await until(page, (screen) => screen.includes("third"));
    await page.evaluate(() => window.player.seek(0.2));
    await until(page, (screen) => !screen.includes("second"));
    expect(requests).toEqual([`file://${path}`]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test("text of the recording, its title and its names are text, whatever they hold", async () => {
    const hostile = "</script><script>alert(1)</script><!--<script>\u2028\"'&<img src=x onerror=alert(2)>";
    const began = { ...start, command: [hostile, "\u001b[2J\u202e"], cwd: "/" };
    const path = exported(recording([[0, hostile]], began));
    const { page, requests, errors } = await open(path);
    await until(page, (screen) => screen.includes("</script><script>alert(1)"));
    const title = `</script><script>alert(1)</script><!--<script>\\u2028"'&<img src=x onerror=alert(2)> \\x1b[2J\\u202e`;
    expect(await page.title()).toBe(title);
    expect(await page.evaluate(() => document.querySelector("h1")?.textContent)).toBe(title);
    expect([requests, errors]).toEqual([[`file://${path}`], []]);
    await page.close();
  });

  test("no script of anybody else could run, and nothing could be sent", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { page } = await open(exported(recording([[0, "x"]])));
    await until(page, (screen) => screen.includes("x"));
    const tried = await page.evaluate(`(async () => {
      const url = "http://127.0.0.1:${port}/";
      const results = [];
      try { await fetch(url, { mode: "no-cors" }); results.push("sent"); } catch { results.push("refused"); }
      const image = new Image();
      results.push(await new Promise((resolve) => {
        image.onload = image.onerror = () => resolve("tried");
        image.src = url;
      }));
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      results.push(window.ran === true ? "ran" : "refused");
      return results;
    })()`);
    await new Promise((resolve) => server.close(resolve));
    expect([tried, asked]).toEqual([["refused", "tried", "refused"], 0]);
    await page.close();
  });

  test("windows that no browser has room for are shown smaller, and that is told", async () => {
    const folder = temporaryFolder();
    const source = join(folder, formatRecordingName({ startedMs: 0, user: "x", rec }));
    const lines = [
      message({ id: 1, timing: "=65535x65535>5", out: "first", start }),
      message({ id: 2, pos: 2000, timing: "=65535x2>6", out: "second", end: endOf(2) }),
    ];
    writeFileSync(source, lines.join(""));
    const path = join(folder, "page.html");
    const words = ["export", "--format", "html", "-o", path, source];
    expect(spawnSync(recctl, words, { env: {} }).stderr.toString()).toContain("they are shown smaller");
    const { page, errors } = await open(path);
    await until(page, (screen) => screen.includes("first"));
    await page.evaluate(() => window.player.seek(2));
    await until(page, (screen) => screen.includes("second"));
    expect(errors).toEqual([]);
    await page.close();
  });

  test("10 MB are shown, and their end is reached by a seek", { timeout: 120_000 }, async () => {
    const line = `${"0123456789 größe \u001b[32mgreen\u001b[m ".repeat(2)}\r\n`;
    const piece = line.repeat(Math.ceil(30_000 / line.length));
    const outputs = Array.from({ length: 340 }, (_, index) => [index * 100, `${index} ${piece}`] as const);
    const { page, errors } = await open(exported(recording([...outputs, [34_000, "the end of it"]])));
    await until(page, (screen) => screen.includes("0123456789"));
    await page.evaluate(() => window.player.seek(34));
    await until(page, (screen) => screen.includes("the end of it"));
    expect(errors).toEqual([]);
    await page.close();
  });
});
