import { describe, expect, test } from "vitest";
import { four, output, type Played, play } from "../../test/harness/player.ts";
import type { Item } from "../format/item.ts";
import type { PlayerOptions } from "./player.ts";

const cases: [string, (readonly [number, string])[], Partial<PlayerOptions>, Played][] = [
  [
    "in the time it took",
    [],
    {},
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2000, "c"],
        [10_000, "d"],
      ],
      result: true,
    },
  ],
  [
    "twice as fast",
    [],
    { speedRatio: 2 },
    {
      shown: [
        [0, "a"],
        [500, "b"],
        [1000, "c"],
        [5000, "d"],
      ],
      result: true,
    },
  ],
  [
    "idle time limited",
    [],
    { idleLimitMs: 1500 },
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2000, "c"],
        [3500, "d"],
      ],
      result: true,
    },
  ],
  [
    "idle time limited and faster",
    [],
    { idleLimitMs: 500, speedRatio: 2 },
    {
      shown: [
        [0, "a"],
        [250, "b"],
        [500, "c"],
        [750, "d"],
      ],
      result: true,
    },
  ],
  [
    "no idle time at all",
    [],
    { idleLimitMs: 0 },
    {
      shown: [
        [0, "a"],
        [0, "b"],
        [0, "c"],
        [0, "d"],
      ],
      result: true,
    },
  ],
  [
    "quit",
    [[1500, "q"]],
    {},
    {
      shown: [
        [0, "a"],
        [1000, "b"],
      ],
      result: false,
    },
  ],
  [
    "quit is ignored",
    [[1500, "q"]],
    { isPersistent: true },
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2000, "c"],
        [10_000, "d"],
      ],
      result: true,
    },
  ],
  [
    "a pause shifts what follows, without a rush",
    [
      [500, "p"],
      [5500, " "],
    ],
    {},
    {
      shown: [
        [0, "a"],
        [6000, "b"],
        [7000, "c"],
        [15_000, "d"],
      ],
      result: true,
    },
  ],
  [
    "paused from the start",
    [[700, "p"]],
    { isPaused: true },
    {
      shown: [
        [700, "a"],
        [1700, "b"],
        [2700, "c"],
        [10_700, "d"],
      ],
      result: true,
    },
  ],
  ["paused for ever", [], { isPaused: true }, { shown: [], result: "waits" }],
  [
    "faster by key, from the moment of the key",
    [[1500, "}"]],
    {},
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [1750, "c"],
        [5750, "d"],
      ],
      result: true,
    },
  ],
  [
    "slower by key",
    [[1500, "{"]],
    {},
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2500, "c"],
        [18_500, "d"],
      ],
      result: true,
    },
  ],
  [
    "normal speed by key",
    [[0, "backspace"]],
    { speedRatio: 4 },
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2000, "c"],
        [10_000, "d"],
      ],
      result: true,
    },
  ],
  [
    "not faster than 64 by key",
    [..."}}}}}}}"].map((key) => [0, key] as const),
    {},
    {
      shown: [
        [0, "a"],
        [15.625, "b"],
        [31.25, "c"],
        [156.25, "d"],
      ],
      result: true,
    },
  ],
  [
    "a step shows the next packet now",
    [[100, "."]],
    {},
    {
      shown: [
        [0, "a"],
        [100, "b"],
        [1100, "c"],
        [9100, "d"],
      ],
      result: true,
    },
  ],
  [
    "steps while paused",
    [
      [100, "."],
      [100, "."],
      [200, "."],
    ],
    { isPaused: true },
    {
      shown: [
        [100, "a"],
        [100, "b"],
        [200, "c"],
      ],
      result: "waits",
    },
  ],
  [
    "goto shows what lies before at once",
    [],
    { gotoMs: 1500 },
    {
      shown: [
        [0, "ab"],
        [500, "c"],
        [8500, "d"],
      ],
      result: true,
    },
  ],
  [
    "goto a packet's moment",
    [],
    { gotoMs: 1000 },
    {
      shown: [
        [0, "a"],
        [0, "b"],
        [1000, "c"],
        [9000, "d"],
      ],
      result: true,
    },
  ],
  ["goto the end", [], { gotoMs: Number.POSITIVE_INFINITY }, { shown: [[0, "abcd"]], result: true }],
  [
    "goto by keys",
    [
      [500, "9"],
      [500, "G"],
    ],
    {},
    {
      shown: [
        [0, "a"],
        [500, "bc"],
        [1500, "d"],
      ],
      result: true,
    },
  ],
  [
    "goto the end by key",
    [[500, "G"]],
    {},
    {
      shown: [
        [0, "a"],
        [500, "bcd"],
      ],
      result: true,
    },
  ],
  [
    "another key clears the digits",
    [
      [500, "9"],
      [500, "x"],
      [600, "G"],
    ],
    {},
    {
      shown: [
        [0, "a"],
        [600, "bcd"],
      ],
      result: true,
    },
  ],
  [
    "going back is ignored",
    [
      [2500, "1"],
      [2500, "G"],
    ],
    {},
    {
      shown: [
        [0, "a"],
        [1000, "b"],
        [2000, "c"],
        [10_000, "d"],
      ],
      result: true,
    },
  ],
  [
    "goto works paused, and stays paused there",
    [
      [100, "9"],
      [100, "G"],
    ],
    { isPaused: true },
    { shown: [[100, "abc"]], result: "waits" },
  ],
  [
    "a paused player stays at the end until it is let go",
    [[300, "p"]],
    { isPaused: true, gotoMs: Number.POSITIVE_INFINITY },
    { shown: [[0, "abcd"]], result: true },
  ],
];

describe("player", () => {
  test.each(cases)("%s", async (_, keys, options, expected) => {
    expect(await play(four, keys, options)).toEqual(expected);
  });

  test("a recording whose beginning is missing starts at once", async () => {
    const gap: Item = { kind: "gap", fromId: 1, toId: 9, fromMs: 0, toMs: 7_000_000 };
    const { shown } = await play([gap, output(7_000_000, "a"), output(7_001_000, "b")]);
    expect(shown).toEqual([
      [0, "a"],
      [1000, "b"],
    ]);
  });

  test("a first packet that came late is waited for", async () => {
    expect((await play([output(500, "a")])).shown).toEqual([[500, "a"]]);
  });

  test("input and windows are not shown", async () => {
    const items: Item[] = [
      { kind: "window", atMs: 0, columns: 80, rows: 24 },
      { kind: "input", atMs: 10, bytes: Buffer.from("i") },
      output(20, "o"),
    ];
    expect((await play(items)).shown).toEqual([[20, "o"]]);
  });

  test("what comes late is shown when it comes, and what follows keeps its distance", async () => {
    const { shown } = await play(four, [], { isFollowing: true }, [0, 4000]);
    expect(shown).toEqual([
      [0, "a"],
      [4000, "b"],
      [5000, "c"],
      [13_000, "d"],
    ]);
  });

  test("following from the end plays what comes then in its time", async () => {
    const { shown } = await play(four, [], { isFollowing: true, gotoMs: Number.POSITIVE_INFINITY }, [0, 0, 4000]);
    expect(shown).toEqual([
      [50, "ab"],
      [4000, "c"],
      [12_000, "d"],
    ]);
  });

  test("quitting does not wait for a silent source", async () => {
    const { shown, result } = await play(four, [[100, "q"]], { isFollowing: true }, [0, 1_000_000]);
    expect(shown).toEqual([[0, "a"]]);
    expect(result).toBe(false);
  });

  test("an output that takes nothing is waited for, and can be left", async () => {
    const output: PlayerOptions["output"] = { write: () => new Promise(() => {}) };
    expect((await play(four, [[100, "q"]], { output })).result).toBe(false);
  });
});
