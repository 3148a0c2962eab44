import { describe, expect, test } from "vitest";
import { siteTree } from "../../../test/harness/site-tree.ts";
import { journalLoadFindings } from "./journal-load.ts";

describe("journald's limits against the last day", () => {
  const load = (counts: [string, number][], bytes = 1000) => ({
    entriesBySecond: new Map(counts),
    bytes,
    isCut: false,
  });
  const levels = async (settings: string, what: Parameters<typeof journalLoadFindings>[1]): Promise<string[]> => {
    const { host, write } = siteTree();
    write("/etc/systemd/journald.conf", `[Journal]\n${settings}`);
    return (await journalLoadFindings(host, what)).map(({ level }) => level);
  };

  test.each<[string, string, [string, number][], number, string[]]>([
    ["a quiet day", "", [["a 1", 100]], 1000, ["well", "well"]],
    [
      "near the limit",
      "",
      [
        ["a 30", 4000],
        ["a 59", 4000],
      ],
      1000,
      ["warning", "well"],
    ],
    [
      "two units do not add up",
      "",
      [
        ["a 30", 4000],
        ["b 30", 4000],
      ],
      1000,
      ["well", "well"],
    ],
    [
      "two intervals neither",
      "",
      [
        ["a 29", 4000],
        ["a 30", 4000],
      ],
      1000,
      ["well", "well"],
    ],
    [
      "above a limit of the site's",
      "RateLimitIntervalSec=1min 30s\nRateLimitBurst=100\n",
      [
        ["a 0", 60],
        ["a 89", 60],
      ],
      0,
      ["warning", "well"],
    ],
    ["no limit", "RateLimitIntervalSec=0\n", [["a 1", 1e6]], 0, ["well", "well"]],
    ["too much for a week", "", [], 2 ** 30, ["well", "warning"]],
    ["enough where the site says so", "SystemMaxUse=100G\n", [], 2 ** 30, ["well", "well"]],
    ["too little where the site says so", "SystemMaxUse=10M\n", [], 2 * 2 ** 20, ["well", "warning"]],
  ])("%s", async (_, settings, counts, bytes, expected) => {
    expect(await levels(settings, load(counts, bytes))).toEqual(expected);
  });
});
