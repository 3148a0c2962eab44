import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { parseArguments } from "../config/arguments.ts";
import { RecError } from "../errors.ts";
import { helpOption } from "./general-options.ts";
import { readCommandLine } from "./program.ts";
import { everySubcommand } from "./table.ts";

async function refusal(...args: string[]): Promise<string> {
  return await readCommandLine(args).then(
    () => "none",
    (error: unknown) => (error instanceof RecError ? error.message : `not ours: ${error}`),
  );
}

test.each([
  [["list", "--reverse", "-n", "5"], { reverse: true, limit: 5, sort: "start" }],
  [["list", "-rn5"], { reverse: true, limit: 5 }],
  [["list", "--rev", "--lim=5"], { reverse: true, limit: 5 }],
  [["list", "--folder", "a", "--folder-path=b"], { folder: ["a", "b"] }],
  [["list", "--command", "-x", "--command", "--json"], { json: false }],
  [["search", "--no-index", "x"], { noIndex: true }],
  [["search", "x"], { noIndex: false, limit: undefined }],
])("%j", async (args, values) => {
  const found = await readCommandLine(args);
  expect(found.subcommand?.name).toBe(args[0]);
  expect(values).toEqual(Object.fromEntries(Object.keys(values).map((path) => [path, found.values[path]])));
});

test("options may follow operands; after -- there are only operands", async () => {
  expect((await readCommandLine(["search", "a", "--json", "b"])).operands).toEqual(["a", "b"]);
  expect((await readCommandLine(["search", "--", "--json", "--"])).operands).toEqual(["--json", "--"]);
  expect((await readCommandLine(["--", "search", "-"])).operands).toEqual(["-"]);
});

test("recctl's own options stand before the command", async () => {
  expect(await readCommandLine(["--help"])).toMatchObject({ subcommand: null, values: { help: true } });
  expect(await readCommandLine(["--vers", "list"])).toMatchObject({ subcommand: null, values: { version: true } });
  expect(await readCommandLine(["list", "--help"])).toMatchObject({ subcommand: { name: "list" } });
  expect(await readCommandLine([])).toMatchObject({ subcommand: null, values: { help: false } });
});

test("what is not understood, and what may be meant", async () => {
  expect(await refusal("serch")).toMatch(/^no such command: serch: expected list, .*; did you mean search\?$/);
  expect(await refusal("list", "--usr", "x")).toBe("unknown option --usr; did you mean --user?");
  expect(await refusal("list", "--usr=x'\n")).toBe("unknown option --usr");
  expect(await refusal("list", "-x")).toBe("unknown option -x");
  expect(await refusal("list", "--js=x")).toBe("option --json takes no value");
  expect(await refusal("list", "--s", "x")).toMatch(/^option --s is ambiguous: --since, /);
  expect(await refusal("list", "-n")).toBe("option -n/--limit needs a value: expected a number from 1");
  expect(await refusal("list", "-n", "x")).toBe('invalid value "x" of option -n/--limit: expected a number from 1');
});

test("a number with a minus is an operand: no option is a digit", async () => {
  expect((await readCommandLine(["search", "-5"])).operands).toEqual(["-5"]);
});

describe("is read as the recorders' command lines are", async () => {
  for (const { name, options } of await everySubcommand()) {
    test(name, async () => {
      const words = fc.constantFrom(
        ...options.flatMap(({ short, long = "" }) => [`--${long}`, `--${long.slice(0, 4)}=1`, `-${short ?? "h"}`]),
        ...["--", "-", "1", "x", "-rn", "--help", "yesterday"],
      );
      await fc.assert(
        fc.asyncProperty(fc.array(words, { maxLength: 6 }), async (args) => {
          const [ours, theirs] = [parsed([...options, helpOption], args), await read([name, ...args])];
          if (ours === null || theirs === null) expect(theirs).toBe(ours);
          else expect(theirs).toMatchObject(ours);
        }),
        { numRuns: 300 },
      );
    });
  }
});

function parsed(options: Parameters<typeof parseArguments>[0], args: readonly string[]): object | null {
  try {
    const { values, positionalIndexes } = parseArguments(options, args, true);
    // Of two moments one is later.
    const given = [...values].filter(([, value]) => typeof value !== "number");
    return { operands: positionalIndexes.map((at) => args[at]), values: Object.fromEntries(given) };
  } catch {
    return null;
  }
}

async function read(args: readonly string[]): Promise<object | null> {
  return await readCommandLine(args).catch(() => null);
}
