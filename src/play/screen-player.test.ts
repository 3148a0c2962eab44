import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { until } from "../../test/e2e/play-program.ts";
import { AuditorScreen, timelineOf } from "../../test/harness/auditor.ts";
import { output } from "../../test/harness/player.ts";
import type { Item } from "../format/item.ts";
import type { Tape } from "./timeline/tape.ts";

const window = (atMs: number, columns: number, rows: number): Item => ({ kind: "window", atMs, columns, rows });
const input = (atMs: number, text: string): Item => ({ kind: "input", atMs, bytes: Buffer.from(text) });
const head = {
  kind: "head",
  rec: "aaaa-1-1",
  user: "alice",
  host: "web1",
  term: "xterm",
  session: 1,
  startedMs: Date.UTC(2026, 10, 21, 10),
  start: null,
} as Item;
const end = {
  kind: "end",
  exit: 0,
  signal: null,
  inBytes: 0,
  outBytes: 0,
  durationMs: 0,
  messages: 1,
} as unknown as Item;

/** "<1>" to "<9>", a hundred seconds apart. */
const nine: Item[] = [
  head,
  window(0, 40, 10),
  ...Array.from({ length: 9 }, (_, i) => output(i * 100_000, `<${i + 1}>`)),
];

describe("going to a moment", () => {
  const routes: [string, string[], string, string][] = [
    ["packet by packet", [".", ".", "."], "<1><2><3>", "0:03:20.000"],
    ["and back", [".", ".", ".", ",", ","], "<1>", "0:00:00.000"],
    ["back from where it is going to", ["5", "0", "0", "g", ",", ","], "<1><2><3><4>", "0:05:00.000"],
    ["on from where it is going to", ["3", "0", "0", "g", ".", "."], "<1><2><3><4><5><6>", "0:08:20.000"],
    [
      "on and back and to a mark from there",
      ["3", "0", "0", "g", ".", ",", ".", "]"],
      "<1><2><3><4><5><6>",
      "0:08:20.000",
    ],
    ["no longer on when it is going elsewhere", ["3", "0", "0", "g", ".", "1", "0", "0", "g"], "<1><2>", "0:01:40.000"],
    ["back from the start", [","], "", "0:00:00.000"],
    ["to a time", ["6", "0", "0", "G"], "<1><2><3><4><5><6><7>", "0:10:00.000"],
    ["between packets", ["5", ":", "3", "0", "g"], "<1><2><3><4>", "0:05:30.000"],
    ["back to a time", ["G", "1", "0", "0", "g"], "<1><2>", "0:01:40.000"],
    ["to the end", ["G"], "<1><2><3><4><5><6><7><8><9>", "0:13:20.000"],
    ["beyond the end", ["9", "9", "9", "9", "9", "G"], "<1><2><3><4><5><6><7><8><9>", "0:13:20.000"],
    ["to the start", ["G", "g"], "", "0:00:00.000"],
    ["to the middle", ["5", "0", "%"], "<1><2><3><4><5>", "0:06:40.000"],
    ["60 seconds on, twice", [">", "shift-right"], "<1><2>", "0:02:00.000"],
    ["5 seconds back", ["2", "0", "0", "g", "left"], "<1><2>", "0:03:15.000"],
    ["60 seconds back", ["2", "0", "0", "g", "<"], "<1><2>", "0:02:20.000"],
    ["5 seconds on", ["9", "5", "g", "right"], "<1><2>", "0:01:40.000"],
    ["no farther back than the start", ["shift-left"], "<1>", "0:00:00.000"],
  ];
  test.each(routes)("%s", async (_, keys, shown, at) => {
    const auditor = new AuditorScreen(nine).play();
    await auditor.shows("paused");
    auditor.press(...keys);
    await until(
      () => auditor.lines[0] === shown && auditor.text.includes(` ${at} / `),
      () => `${shown} at ${at} on\n${auditor.text}`,
    );
  });

  test("the key of the start on its own, before anything was played", async () => {
    const auditor = new AuditorScreen(nine);
    auditor.player.navigation.goToTime(-250_000);
    auditor.play();
    await auditor.shows("0:09:10.000");
    expect(auditor.lines[0]).toBe("<1><2><3><4><5><6>");
  });
});

test("while one goes to what is not known yet, the status tells how far that is", async () => {
  const items = [head, window(0, 40, 10), ...Array.from({ length: 500 }, (_, i) => output(i * 1000, "x"))];
  const auditor = new AuditorScreen(slowDisk(items)).play();
  await auditor.shows("paused");
  auditor.press("G");
  const known = () => Number(/seeking, (\d+)% is known .* 0:0\d:\d\d\.000\+/.exec(auditor.text)?.[1] ?? 0);
  const more = async (than: number): Promise<number> => {
    await until(
      () => known() > than,
      () => `more than ${than}% on\n${auditor.text}`,
    );
    return known();
  };
  await more(await more(0));
});

/** Gives an item every 20 ms, without an end to wait for. */
function slowDisk(items: readonly Item[]): Tape {
  const open = ({ offset } = { offset: 0 }) => ({
    isWaiting: false,
    async read() {
      await setTimeout(20);
      const item = items[offset++];
      return item === undefined ? null : [item];
    },
    place: () => ({ offset }),
    close: () => {
      offset = items.length;
    },
  });
  return { open, shareBefore: ({ offset }) => offset / items.length };
}

describe("marks", () => {
  test("pauses, sizes and gaps, both ways", async () => {
    const items = [
      head,
      window(0, 40, 10),
      output(0, "a"),
      output(60_000, "b"),
      window(61_000, 50, 10),
      { kind: "gap", fromId: 3, toId: 4, fromMs: 61_000, toMs: 62_000 } as Item,
      output(62_000, "c"),
      output(200_000, "d"),
    ];
    const auditor = new AuditorScreen(items).play();
    await auditor.shows("1 gap");
    auditor.press("]");
    await auditor.shows("0:01:00.000 pause before this: after 60 s");
    auditor.press("]");
    await auditor.shows("new size: 50x10");
    auditor.press("]");
    await auditor.shows("pause before this: after 138 s");
    auditor.press("]");
    await auditor.shows("no mark after this");
    auditor.press("[");
    await auditor.shows(/gap|new size/);
    auditor.press("[", "[", "[");
    await auditor.shows(/no mark before this|0:01:00.000/);
  });
});

describe("searching", () => {
  const search = (...text: string[]) => ["/", ...text.join("")];

  test("on and back, from hit to hit", async () => {
    const auditor = new AuditorScreen(nine).play();
    await auditor.shows("paused");
    auditor.press(...search("<[36]>"), "enter");
    await auditor.shows("0:03:20.000");
    expect(auditor.lines[0]).toBe("<1><2><3>");
    auditor.press("n");
    await auditor.shows("0:08:20.000");
    expect(auditor.lines[0]).toBe("<1><2><3><4><5><6>");
    auditor.press("n");
    await auditor.shows("not found: <[36]>");
    auditor.press("N");
    await auditor.shows("0:03:20.000");
    auditor.press("?", ..."<1>", "enter");
    await auditor.shows("0:00:00.000 /");
    expect(auditor.lines[0]).toBe("<1>");
  });

  test("what is not found, and what is no expression", async () => {
    const auditor = new AuditorScreen(nine).play();
    await auditor.shows("paused");
    auditor.press("n");
    await auditor.shows("nothing was searched for");
    auditor.press(...search("nowhere"));
    await auditor.shows("/nowhere");
    auditor.press("enter");
    await auditor.shows("not found: nowhere");
    auditor.press(...search("("), "enter");
    await auditor.shows("Invalid regular expression");
  });

  test("in the middle of a packet, where the line has not been scrolled away", async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i}\r\n`).join("");
    const auditor = new AuditorScreen([head, window(0, 40, 10), output(0, lines), output(5000, "end")]).play();
    await auditor.shows("paused");
    auditor.press(...search("line 123"), "enter");
    await auditor.shows("line 123");
    auditor.press("/", ..."line 400", "enter");
    await auditor.shows("line 400");
    auditor.press("?", ..."line 250", "enter");
    await auditor.shows("line 250");
    auditor.press(".");
    await auditor.shows("line 499");
  });

  test("to begin with; what is never shown fails", async () => {
    const auditor = new AuditorScreen(nine, { isPaused: false });
    auditor.player.navigation.startAt("<4>");
    auditor.play();
    await auditor.shows("<1><2><3><4>");
    await auditor.shows("playing  0:05:0");
    const other = new AuditorScreen(nine);
    other.player.navigation.startAt("nowhere");
    expect(await other.play().isOver()).toMatchObject({ code: "REC_SEARCH_NONE" });
  });

  test("is given up by escape", async () => {
    const auditor = new AuditorScreen(nine).play();
    await auditor.shows("paused");
    auditor.press(...search("nowhere"), "enter", "escape");
    await auditor.shows("paused");
    expect(auditor.text).not.toContain("not found");
  });
});

describe("playing", () => {
  test("speed, idle limit, wall clock, help", async () => {
    const auditor = new AuditorScreen(nine).play();
    await auditor.shows("x1  alice@web1");
    auditor.press("}", "}");
    await auditor.shows("x4");
    auditor.press("{", "{", "{", "{", "{", "{", "{", "{");
    await auditor.shows("x1/16");
    auditor.press("backspace");
    await auditor.shows("x1 ");
    auditor.press("i");
    await auditor.shows("idle limit 2 s");
    auditor.press("t");
    await auditor.shows("2026-11-21T10:00:00 / 2026-11-21T10:13:20  x1  alice@web1  idle 2 s");
    auditor.press("h");
    await auditor.shows("any key leaves this help");
    auditor.press("q");
    await until(
      () => !auditor.text.includes("any key"),
      () => auditor.text,
    );
    auditor.press("t", "i");
    await auditor.shows("no idle limit  0:00:00.000 / 0:13:20.000");
  });

  test("on to the end, pauses left out", async () => {
    const auditor = new AuditorScreen(nine, { isPaused: false, idleLimitMs: 0 }).play();
    expect(await auditor.isOver()).toBe(true);
    expect(auditor.player.screen.rowText(0)).toBe("<1><2><3><4><5><6><7><8><9>");
  });

  test("up to a moment", async () => {
    const auditor = new AuditorScreen(nine, { isPaused: false, idleLimitMs: 0, untilMs: 250_000 }).play();
    expect(await auditor.isOver()).toBe(true);
    expect(auditor.player.screen.rowText(0)).toBe("<1><2><3>");
  });

  test("paused it stays at the end, until it is left", async () => {
    const auditor = new AuditorScreen(nine).play();
    auditor.press("G");
    await auditor.shows("end  0:13:20.000");
    auditor.press("q");
    expect(await auditor.isOver()).toBe(false);
  });

  test("what was typed is shown, where that was asked for", async () => {
    const items = [head, window(0, 40, 10), output(0, "$ "), input(100, "ls\r"), output(200, "file")];
    const auditor = new AuditorScreen(items, { isPaused: false, showsInput: true }).play();
    await auditor.shows("typed: ls^M");
  });

  test("a beginning that is missing is not waited for", async () => {
    const gap = { kind: "gap", fromId: 1, toId: 9, fromMs: 0, toMs: 3_600_000 } as Item;
    const auditor = new AuditorScreen([gap, head, output(3_600_000, "late")], { isPaused: false }).play();
    expect(await auditor.isOver()).toBe(true);
    expect(auditor.player.screen.rowText(0)).toBe("late");
  });
});

describe("following", () => {
  test("waits at the end; back and on while more comes", async () => {
    const gate = Promise.withResolvers<void>();
    async function* items(): AsyncGenerator<Item[]> {
      yield [head, window(0, 40, 10), output(0, "<1>"), output(10, "<2>")];
      await gate.promise;
      yield [output(20, "<3>"), end];
    }
    const auditor = new AuditorScreen(items(), { isPaused: false, isFollowing: true }).play();
    await auditor.shows("following");
    auditor.press("p", ",");
    await auditor.shows("paused  0:00:00.000");
    expect(auditor.lines[0]).toBe("<1>");
    gate.resolve();
    auditor.press("G");
    await auditor.shows("<1><2><3>");
    auditor.press("p");
    expect(await auditor.isOver()).toBe(true);
  });

  test("the key lets it wait no more", async () => {
    async function* items(): AsyncGenerator<Item[]> {
      yield [head, output(0, "<1>")];
      await new Promise(() => {});
    }
    const auditor = new AuditorScreen(items(), { isPaused: false, isFollowing: true }).play();
    await auditor.shows("following");
    auditor.press("f");
    expect(await auditor.isOver()).toBe(true);
  });

  test("the key opens the recording again, to wait for more", async () => {
    let isOpened = false;
    const follow = async () => {
      isOpened = true;
      return timelineOf([head, output(0, "<1>"), output(10, "<2>")]);
    };
    const auditor = new AuditorScreen([head, output(0, "<1>")], { follow }).play();
    auditor.press("G");
    await auditor.shows("end");
    auditor.press("f");
    await auditor.shows("paused");
    auditor.press(".");
    await auditor.shows("<1><2>");
    expect(isOpened).toBe(true);
  });

  test("a recording that has ended, and one that comes but once", async () => {
    const ended = new AuditorScreen([head, output(0, "<1>"), end]).play();
    await ended.shows("0:00:00.000 / 0:00:00.000 ");
    ended.press("f");
    await ended.shows("the recording has ended");
    const once = new AuditorScreen([head, output(0, "<1>")]).play();
    once.press("f");
    await once.shows("comes but once");
  });
});

describe("a screen that is larger than the terminal", () => {
  const large = [
    head,
    window(0, 120, 40),
    output(0, `${"x".repeat(100)}\r\n\u001b[30;1Hlower`),
    output(100_000, "\u001b[1;1H"),
  ];

  test("is shown in part, marked, and moved", async () => {
    const auditor = new AuditorScreen(large, { columns: 120 }).play();
    auditor.press(".");
    await auditor.shows("part of 120x40");
    expect(auditor.lines[22]).toBe("lower");
    expect(auditor.lines[0]?.at(-1)).toBe("^");
    auditor.press(..."uuuuuuu".split("").map(() => "up"));
    await auditor.shows("xxx");
    expect(auditor.lines[22]?.at(-1)).toBe("v");
    auditor.resize(60, 24);
    await auditor.shows(/^x{59}>$/m);
    auditor.press(")");
    await auditor.shows(/^<x{58}>$/m);
    auditor.press("(");
    await auditor.shows(/^x{59}>$/m);
    auditor.press("down");
    await auditor.shows("part of");
  });

  test("asks the terminal for its size", async () => {
    const auditor = new AuditorScreen(large, { isResizing: true }).play();
    auditor.press(".");
    await auditor.shows("part of 120x40");
    expect(auditor.output).toContain("\u001b[8;41;120t");
  });

  test("without a status line there is a row more", async () => {
    const auditor = new AuditorScreen(nine, { hasStatus: false }).play();
    auditor.press(".");
    await auditor.shows("<1>");
    expect(auditor.lines.at(-1)).toBe("");
    auditor.press("n");
    await auditor.shows("nothing was searched for");
  });
});
