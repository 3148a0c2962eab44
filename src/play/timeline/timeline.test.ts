import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { RecError } from "../../errors.ts";
import type { Item } from "../../format/item.ts";
import type { Mark } from "./mark.ts";
import { Spool } from "./spool.ts";
import { type Moment, Timeline } from "./timeline.ts";

const output = (atMs: number, text: string): Item => ({ kind: "output", atMs, bytes: Buffer.from(text) });
const window = (atMs: number, columns: number, rows: number): Item => ({ kind: "window", atMs, columns, rows });

/** What is followed: batches come when they are given, until the end. */
class Source {
  readonly #batches: Item[][] = [];
  #isEnded = false;
  #failure: Error | null = null;
  #more = Promise.withResolvers<void>();

  give(...items: Item[]): void {
    this.#batches.push(items);
    this.#more.resolve();
  }

  end(failure: Error | null = null): void {
    this.#isEnded = true;
    this.#failure = failure;
    this.#more.resolve();
  }

  async *batches(): AsyncGenerator<Item[]> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) yield batch;
      else if (this.#failure !== null) throw this.#failure;
      else if (this.#isEnded) return;
      else {
        this.#more = Promise.withResolvers();
        await this.#more.promise;
      }
    }
  }
}

async function built(items: readonly Item[], note?: (item: Item) => void): Promise<Timeline> {
  const spool = new Spool(tmpdir());
  await spool.fill(
    (async function* () {
      yield items;
    })(),
  );
  const timeline = new Timeline(spool, { frameBytes: 10, ...(note === undefined ? {} : { note }) });
  await timeline.build();
  return timeline;
}

const textOf = (moment: Moment | null) => moment?.emulator.rowText(0);

describe("going to a moment", () => {
  const items = [window(0, 20, 4), ...Array.from({ length: 100 }, (_, n) => output(n * 10, `\r${n}`))];

  test.each([
    [{ atMs: 0 }, "0", 2],
    [{ atMs: 499 }, "49", 51],
    [{ atMs: 500 }, "50", 52],
    [{ atMs: Number.POSITIVE_INFINITY }, "99", 101],
    [{ packets: 0 }, "", 0],
    [{ packets: 51 }, "49", 51],
    [{ packets: 1000 }, "99", 101],
  ])("%j", async (target, text, packets) => {
    const timeline = await built(items);
    const moment = await timeline.seek(target);
    expect(textOf(moment)).toBe(text);
    expect(moment?.cursor.packets).toBe(packets);
    expect(moment?.cursor.ready ?? (await moment?.cursor.peek())).toEqual(
      items[packets] === undefined ? null : expect.objectContaining({ kind: items[packets].kind }),
    );
  });

  test("is left when it is no longer wanted", async () => {
    const spool = new Spool(tmpdir());
    const timeline = new Timeline(spool);
    const building = timeline.build();
    const source = new Source();
    const filling = spool.fill(source.batches());
    const abort = new AbortController();
    const seeking = timeline.seek({ atMs: 5 }, abort.signal);
    abort.abort();
    expect(await seeking).toBe(null);
    source.end();
    await Promise.all([filling, building]);
    spool.close();
  });
});

test("a recording that is followed is known as far as it goes, and goes on", async () => {
  const spool = new Spool(tmpdir());
  const source = new Source();
  const filling = spool.fill(source.batches());
  const timeline = new Timeline(spool);
  const building = timeline.build();
  source.give(window(0, 20, 4), output(5, "a"));
  // More than it has is not waited for.
  const end = await timeline.seek({ atMs: Number.POSITIVE_INFINITY });
  expect(textOf(end)).toBe("a");
  expect([timeline.lengthMs, timeline.packets, timeline.isComplete]).toEqual([5, 2, false]);
  const next = end?.cursor.next();
  source.give(output(9, "b"));
  expect(await next).toMatchObject({ kind: "output", atMs: 9 });
  expect(textOf(await timeline.seek({ atMs: 9 }))).toBe("ab");
  const waiting = end?.cursor.next();
  timeline.close();
  await building;
  end?.cursor.close();
  expect(await waiting).toBe(null);
  source.end();
  await filling;
  spool.close();
  expect(await timeline.start().cursor.next()).toBe(null);
});

test("what cannot be read on is told, and what came before it stays", async () => {
  const spool = new Spool(tmpdir());
  const source = new Source();
  source.give(output(3, "a"));
  source.end(new RecError("REC_FILE_READ", { path: "x", why: "y" }));
  const filling = spool.fill(source.batches());
  const timeline = new Timeline(spool);
  await expect(Promise.all([filling, timeline.build()])).rejects.toThrow("cannot read x: y");
  expect(timeline.lengthMs).toBe(3);
  spool.close();
});

test("a spool needs a folder", () => {
  expect(() => new Spool("/nowhere")).toThrow("cannot write a temporary file in /nowhere: no such file or directory");
});

test("all items pass a spool unharmed", async () => {
  const items: Item[] = [
    { kind: "head", rec: "r", host: "h", user: "u", term: "t", session: 1, startedMs: 5.5, start: null },
    window(0, 65535, 1),
    output(0.5, "\u001bé"),
    { kind: "input", atMs: 2 ** 40, bytes: Buffer.from([0, 255]) },
    { kind: "output", atMs: 3, bytes: Buffer.alloc(600_000, "x") },
    { kind: "gap", fromId: 2, toId: 4, fromMs: 10, toMs: 20 },
    { kind: "unended", lastId: 7, lastMs: 8 },
  ];
  const { cursor } = (await built(items)).start();
  for (const item of items) {
    const came = (await cursor.next()) as unknown as Record<string, unknown>;
    expect("bytes" in came ? { ...came, bytes: Buffer.from(came["bytes"] as Uint8Array) } : came).toEqual(item);
  }
});

describe("marks", () => {
  const marked: [string, Item[], Mark[]][] = [
    [
      "silence",
      [output(0, "a"), output(9999, "b"), output(20_000, "c")],
      [{ kind: "idle", atMs: 20_000, text: "after 10 s" }],
    ],
    [
      "sizes but the first",
      [window(0, 80, 24), window(5, 80, 24), window(7, 100, 30)],
      [{ kind: "resize", atMs: 7, text: "100x30" }],
    ],
    [
      "bells, those close together as one",
      [output(1, "\u0007\u0007"), output(500, "\u0007"), output(3000, "\u0007")],
      [
        { kind: "bell", atMs: 1, text: "" },
        { kind: "bell", atMs: 3000, text: "" },
      ],
    ],
    [
      "titles that change",
      [output(1, "\u001b]0;a\u0007\u001b]2;a\u0007"), output(2, "\u001b]0;b\u0007")],
      [
        { kind: "title", atMs: 1, text: "a" },
        { kind: "title", atMs: 2, text: "b" },
      ],
    ],
    [
      "the alternate screen",
      [output(1, "\u001b[?1049h"), output(2, "\u001b[?1049l")],
      [
        { kind: "alternate", atMs: 1, text: "on" },
        { kind: "alternate", atMs: 2, text: "off" },
      ],
    ],
    [
      "prompts",
      [output(1, "\u001b]133;A\u0007$ \u001b]133;C\u0007"), output(2, "\u001b]133;D;0\u0007")],
      [
        { kind: "prompt", atMs: 1, text: "" },
        { kind: "command", atMs: 1, text: "" },
      ],
    ],
    [
      "what is missing, never back in time",
      [
        output(5, "a"),
        { kind: "gap", fromId: 2, toId: 4, fromMs: 3, toMs: 20 },
        { kind: "lost", inBytes: 1, outBytes: 2, fromMs: 30, toMs: 40 },
        output(50, "b"),
        { kind: "bad", place: "line 3", reason: "why" },
        { kind: "end", exit: 1, signal: null, inBytes: 0, outBytes: 0, durationMs: 50, messages: 3 },
      ],
      [
        { kind: "gap", atMs: 3, text: "messages 2 to 4 are missing" },
        { kind: "lost", atMs: 30, text: "the recorder dropped 3 bytes" },
        { kind: "bad", atMs: 50, text: "line 3: why" },
        { kind: "end", atMs: 50, text: "status 1" },
      ],
    ],
    [
      "an end by a signal, and none",
      [
        { kind: "end", exit: null, signal: "KILL", inBytes: 0, outBytes: 0, durationMs: 50, messages: 3 },
        { kind: "unended", lastId: 1, lastMs: 60 },
      ],
      [
        { kind: "end", atMs: 0, text: "signal KILL" },
        { kind: "unended", atMs: 60, text: "the recording stops without its end" },
      ],
    ],
  ];
  test.each(marked)("%s", async (_, items, marks) => {
    expect((await built(items)).marks).toEqual(marks);
  });

  test("of a kind have an end, and leave room for the others", async () => {
    const titles = Array.from({ length: 5000 }, (_, n) => output(n, `\u001b]0;${n}\u0007`));
    const { marks } = await built([...titles, { kind: "gap", fromId: 2, toId: 4, fromMs: 3, toMs: 20 }]);
    expect(marks).toHaveLength(2001);
    expect(marks.at(-1)?.kind).toBe("gap");
  });
});

test("who builds it hears of all that is no packet", async () => {
  const heard: Item[] = [];
  const head: Item = { kind: "head", rec: "r", host: "h", user: "u", term: "t", session: 1, startedMs: 5, start: null };
  const timeline = await built([head, output(1, "a"), { kind: "unended", lastId: 1, lastMs: 1 }], (item) =>
    heard.push(item),
  );
  expect(heard.map(({ kind }) => kind)).toEqual(["head", "unended"]);
  expect(timeline.head).toEqual(head);
  expect([timeline.isComplete, timeline.progressRatio]).toEqual([true, 1]);
});
