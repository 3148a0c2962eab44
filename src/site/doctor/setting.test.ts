/** The command that sets one option: run as it is printed, on what only looks like the option too. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { siteTree } from "../../../test/harness/site-tree.ts";
import { configurationReader } from "../../administer/recorder-configuration.ts";
import { configurationFindings } from "./configuration.ts";
import { setting } from "./setting.ts";

const file = "/etc/rec-session/rec-session.conf";

describe("what loses recordings is cured in", () => {
  test.each<[string, string, string]>([
    ["one line", '{ "writer": "none" }', '{ "writer": ["journal"] }'],
    ["a list", "{\n  'writer': ['none'],\n}\n", "{\n  'writer': [\"journal\"],\n}\n"],
    [
      "the option, and not in a comment",
      '{\n  // "environment": true\n  "environment": true // "environment": true\n}\n',
      '{\n  // "environment": true\n  "environment": false // "environment": true\n}\n',
    ],
    [
      "the block of its own",
      '{ "limit":\n  { "action": "drop" },\n  "notice": "\\"action\\": \\"drop\\"" }',
      '{ "limit":\n  { "action": "pass" },\n  "notice": "\\"action\\": \\"drop\\"" }',
    ],
    ["a block", '{ "buffer": { "policy": "drop" } }', '{ "buffer": { "policy": "wait" } }'],
    ["what has a default", '{ "latency": 3,\n  "required": "none",\n}\n', '{ "latency": 3,\n  \n}\n'],
  ])("%s", async (_, before, after) => {
    const { write, host, root } = siteTree();
    write(file, before);
    const ills = async (): Promise<(string | null)[]> => {
      const found = await configurationFindings(host, () => configurationReader(host)("rec-session"));
      return found.filter(({ sentence }) => /\(\S+ is (none|false|true|drop)\)/.test(sentence)).map(({ cure }) => cure);
    };
    const [cure] = await ills();
    expect(cure).toMatch(/^sed -i /);
    execFileSync("bash", ["-c", (cure ?? "").replace(` ${file}`, ` ${root}${file}`)]);
    expect(host.text(file)).toBe(after);
    expect(await ills()).toEqual([]);
  });
});

test("what a line does not hold alone is told with its place", () => {
  const { write, host } = siteTree();
  write(file, '{\n  "writer":\n    "none"\n}\n');
  const configuration = configurationReader(host)("rec-session");
  expect(setting(host, configuration, "writer", '"journal"', ({ writer }) => writer.includes("journal"))).toEqual({
    decision: expect.stringMatching(/rec-session\.conf:2: it must have "writer": "journal", /),
  });
});
