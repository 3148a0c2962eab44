import { describe, expect, test } from "vitest";
import { expensive, expensiveItems } from "../../test/harness/expensive.ts";
import { exportText } from "../export/text.ts";
import type { Item } from "../format/item.ts";
import { ShownText } from "../search/shown-text.ts";
import { Emulator } from "./emulator.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Shown in pieces of that size. */
function show(emulator: Emulator, items: readonly Item[], pieceBytes = Number.POSITIVE_INFINITY): void {
  for (const item of items) {
    if (item.kind === "window") emulator.resize(item.columns, item.rows);
    if (item.kind !== "output") continue;
    for (let from = 0; from < item.bytes.length; from += pieceBytes) {
      emulator.feed(item.bytes.subarray(from, from + pieceBytes));
    }
  }
}

function itemsOf(name: string, size: number): Item[] {
  const [, make] = expensive.find(([title]) => title === name) ?? [];
  if (make === undefined) throw new Error(`there is no ${name}`);
  return expensiveItems(make, size);
}

async function textOf(items: readonly Item[]): Promise<{ text: string; notices: string[] }> {
  async function* batches(): AsyncGenerator<readonly Item[]> {
    yield items;
  }
  let text = "";
  const notices: string[] = [];
  const pieces = exportText(batches(), false, (notice) => notices.push(notice));
  for await (const piece of pieces) text += Buffer.from(piece).toString();
  return { text, notices };
}

/** Each of them takes minutes where nothing bounds the work; most of it comes with the first bytes. */
describe("100 000 bytes in the largest window come to an end", () => {
  test.each(expensive)("%s", (_, make) => {
    const emulator = Emulator.open();
    show(emulator, expensiveItems(make, 100_000));
    emulator.feed(bytes("\u001b\\\r\nthe end"));
    expect(emulator.rowText(emulator.cursor.row)).toContain("the end");
  });
});

describe("what is too much work", () => {
  const names = ["full resets", "filled and erased", "scrolled left", "windows between characters"];

  test.each(names)("is the same wherever bytes are cut, and in a restored screen: %s", (name) => {
    const items = itemsOf(name, 40_000);
    const [whole, cut] = [Emulator.open({ scrollback: 100 }), Emulator.open({ scrollback: 100 })];
    show(whole, items);
    show(cut, items.slice(0, -1), 777);
    const restored = Emulator.restore(cut.snapshot());
    show(restored, items.slice(-1), 1001);
    expect(whole.omitted).toBeGreaterThan(0);
    expect(restored.omitted).toBe(whole.omitted);
    expect(Buffer.from(restored.snapshot()).equals(whole.snapshot())).toBe(true);
  });

  test("is told as it happens", () => {
    const emulator = Emulator.open();
    const heard: string[] = [];
    emulator.listen(({ kind }) => heard.push(kind));
    show(emulator, itemsOf("full resets", 10_000));
    expect(emulator.omitted).toBeGreaterThan(0);
    expect(heard.filter((kind) => kind === "omitted")).toHaveLength(emulator.omitted);
  });

  test("leaves no text out, and is told with it", async () => {
    const items = [...itemsOf("filled and erased", 20_000)];
    for (let number = 0; number < 50; number++) {
      items.push({ kind: "output", atMs: 30_000, bytes: bytes(`\u001b[H\u001b[2Jsecret ${number} \r\n`) });
    }
    const { text, notices } = await textOf(items);
    const said = new Set(text.match(/secret \d+/g));
    expect(said.size).toBe(50);
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/^drawing the screen is too much work .* from \d+\.\d+ s on$/);
  });

  test("leaves none out of what is searched", () => {
    const found: string[] = [];
    const text = new ShownText((line) => found.push(line.text));
    for (const item of itemsOf("a character with marks repeated", 50_000)) text.take(item);
    text.take({ kind: "output", atMs: 60_000, bytes: bytes("\r\nsecret\u001b[2K\rx") });
    text.finish();
    expect(found).toContain("secret");
  });

  test("is nothing that programs do", async () => {
    const items: Item[] = [{ kind: "window", atMs: 0, columns: 200, rows: 60 }];
    const page = `\u001b[H\u001b[2J\u001b[3J${"a line of a page\r\n".repeat(59)}\u001b[?1049h\u001b[2J\u001b[10;50r\u001b[20S\u001b[20T\u001b[r\u001b[?1049l`;
    for (let number = 0; number < 2000; number++) {
      items.push({ kind: "output", atMs: number, bytes: bytes(page) });
      if (number % 20 === 0) items.push({ kind: "window", atMs: number, columns: 150 + (number % 100), rows: 60 });
    }
    const emulator = Emulator.open();
    show(emulator, items);
    expect(emulator.omitted).toBe(0);
    expect((await textOf(items)).notices).toEqual([]);
  });
});
