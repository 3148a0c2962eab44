import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { RecError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import type { Option, ProgramName } from "./option.ts";
import { optionsOf } from "./options.ts";

function parse(program: ProgramName, args: readonly string[], isPermuting = program === "rec-play") {
  const options = optionsOf(program).filter(({ cli }) => cli.includes(program));
  return parseArguments(options, args, isPermuting);
}

describe("rec: options until the first positional", () => {
  test.each<[name: string, args: string[], values: Record<string, unknown>, restIndex: number]>([
    ["nothing", [], {}, 0],
    ["only a command", ["ls", "-l", "-v"], {}, 0],
    ["--name=VALUE", ["--latency=5", "ls"], { latency: 5 }, 1],
    ["--name VALUE", ["--latency", "5", "ls"], { latency: 5 }, 2],
    ["-xVALUE", ["-of", "ls"], { "file.path": "f" }, 1],
    ["-x VALUE", ["-o", "f", "ls"], { "file.path": "f" }, 2],
    [
      "a value that looks like an option",
      ["-o", "-v", "--folder-path", "--"],
      { "file.path": "-v", "folder.path": "--" },
      4,
    ],
    ["a value with an equals sign, or empty rest", ["--file-path=a=b"], { "file.path": "a=b" }, 1],
    ["-- ends the options and is consumed", ["-v", "--", "-o", "x"], { version: true }, 2],
    ["- is positional", ["-", "-v"], {}, 0],
    ["bundled short flags, the last with a value", ["-vhof"], { version: true, help: true, "file.path": "f" }, 1],
    ["an abbreviation", ["--lat=3", "--conf"], { latency: 3, configuration: true }, 2],
    ["an exact name before longer ones", ["--help"], { help: true }, 1],
    ["a boolean alone is yes and takes no next argument", ["--log-input", "no"], { "log.input": true }, 1],
    [
      "yes, in any case",
      ["--log-input=YES", "--log-output=On", "--log-window=true"],
      { "log.input": true, "log.output": true, "log.window": true },
      3,
    ],
    [
      "no, in any case",
      ["--log-input=NO", "--log-output=Off", "--log-window=FALSE"],
      { "log.input": false, "log.output": false, "log.window": false },
      3,
    ],
    ["the last of several", ["--latency=1", "--latency=2"], { latency: 2 }, 2],
    ["blanks after an integer, as tlog", ["--latency=2 ", "--payload=+032"], { latency: 2, payload: 32 }, 2],
    [
      "writers with commas and repeated, once each",
      ["-w", "file,folder", "-wfile", "--writer=folder"],
      { writer: ["file", "folder"] },
      4,
    ],
    ["none alone, twice", ["-wnone", "-w", "none"], { writer: ["none"] }, 3],
  ])("%s", (_name, args, values, restIndex) => {
    const parsed = parse("rec", args);
    expect(Object.fromEntries(parsed.values)).toEqual(values);
    expect(parsed.restIndex).toBe(restIndex);
    expect(parsed.positionalIndexes).toEqual(args.map((_, i) => i).slice(restIndex));
  });
});

describe("rec-session: as a shell is called", () => {
  test.each<[name: string, args: string[], values: Record<string, unknown>, restIndex: number]>([
    ["-c is a flag, the string is positional", ["-c", "ls -l", "name", "-x"], { command: true }, 1],
    ["bundled with a login", ["-lic", "ls"], { login: true, interactive: true, command: true }, 1],
    ["long", ["--login", "--int", "--command", "ls"], { login: true, interactive: true, command: true }, 3],
  ])("%s", (_name, args, values, restIndex) => {
    const parsed = parse("rec-session", args);
    expect(Object.fromEntries(parsed.values)).toEqual(values);
    expect(parsed.restIndex).toBe(restIndex);
  });
});

describe("rec-play: options anywhere", () => {
  test.each<[name: string, args: string[], values: Record<string, unknown>, positionals: number[], restIndex: number]>([
    ["after a positional", ["ID", "-s", "2"], { speed: 2 }, [0], 3],
    ["between positionals", ["a", "-p", "b", "--lax=no"], { paused: true, lax: false }, [0, 2], 4],
    ["not after --", ["a", "--", "-p", "b"], {}, [0, 2, 3], 2],
    ["a fraction", ["-s.5", "--idle-limit", "1.5"], { speed: 0.5, "idle.limit": 1.5 }, [], 3],
    ["the bounds", ["-s", "64", "--speed=0.0625"], { speed: 0.0625 }, [], 3],
  ])("%s", (_name, args, values, positionals, restIndex) => {
    const parsed = parse("rec-play", args);
    expect(Object.fromEntries(parsed.values)).toEqual(values);
    expect(parsed.positionalIndexes).toEqual(positionals);
    expect(parsed.restIndex).toBe(restIndex);
  });
});

describe("what is refused", () => {
  test.each<[name: string, program: ProgramName, args: string[], what: string]>([
    ["an unknown letter", "rec", ["-Z"], "unknown option -Z"],
    ["an unknown letter in a bundle", "rec", ["-v😀"], "unknown option -😀"],
    ["an unknown name", "rec", ["--foo=1"], "unknown option --foo"],
    ["a name that is empty", "rec", ["--=1"], "unknown option --"],
    ["a name of something else", "rec", ["--__proto__"], "unknown option --__proto__"],
    ["control characters", "rec", ["--\u001b[2J"], "unknown option --\\x1b[2J"],
    ["another program's option", "rec-session", ["--file-path=x"], "unknown option --file-path"],
    ["an ambiguous name", "rec", ["--log"], "option --log is ambiguous: --log-input, --log-output, --log-window"],
    [
      "a value missing",
      "rec",
      ["-o"],
      "option -o/--file-path needs a value: expected a text that is not empty, without NUL",
    ],
    [
      "a value missing at the end of a long one",
      "rec",
      ["--latency"],
      "option --latency needs a value: expected an integer from 1 to 3600",
    ],
    ["a value for a flag", "rec", ["--version=1"], "option -v/--version takes no value"],
    ["too small", "rec", ["--latency=0"], 'invalid value "0" of option --latency: expected an integer from 1 to 3600'],
    [
      "too large",
      "rec",
      ["--latency=99999999999999999999"],
      'invalid value "99999999999999999999" of option --latency: expected an integer from 1 to 3600',
    ],
    [
      "hexadecimal",
      "rec",
      ["--latency=0x10"],
      'invalid value "0x10" of option --latency: expected an integer from 1 to 3600',
    ],
    ["empty", "rec", ["--latency="], 'invalid value "" of option --latency: expected an integer from 1 to 3600'],
    [
      "an empty path",
      "rec",
      ["-o", ""],
      'invalid value "" of option -o/--file-path: expected a text that is not empty, without NUL',
    ],
    [
      "a fraction",
      "rec",
      ["--payload=64.5"],
      'invalid value "64.5" of option --payload: expected an integer from 32 to 1048576',
    ],
    [
      "neither yes nor no",
      "rec",
      ["--log-input=maybe"],
      'invalid value "maybe" of option --log-input: expected yes, on, true, no, off or false',
    ],
    [
      "another choice",
      "rec",
      ["--limit-action=Drop"],
      'invalid value "Drop" of option --limit-action: expected pass, delay or drop',
    ],
    [
      "another writer",
      "rec",
      ["-w", "file,paper"],
      'invalid value "file,paper" of option -w/--writer: expected file, folder, journal, syslog; or none alone',
    ],
    [
      "none beside another",
      "rec",
      ["-wfile,none"],
      'invalid value "file,none" of option -w/--writer: expected file, folder, journal, syslog; or none alone',
    ],
    [
      "none after another",
      "rec",
      ["-wfile", "-wnone"],
      'invalid value "none" of option -w/--writer: expected file, folder, journal, syslog; or none alone',
    ],
    [
      "a speed of zero",
      "rec-play",
      ["-s", "0"],
      'invalid value "0" of option -s/--speed: expected a number from 0.0625 to 64',
    ],
    [
      "a speed that is no number",
      "rec-play",
      ["-s", "NaN"],
      'invalid value "NaN" of option -s/--speed: expected a number from 0.0625 to 64',
    ],
    [
      "a long value, cut",
      "rec",
      [`--latency=${"x".repeat(100)}`],
      `invalid value "${"x".repeat(59)}... of option --latency: expected an integer from 1 to 3600`,
    ],
  ])("%s", (_name, program, args, what) => {
    expect(() => parse(program, args)).toThrow(
      expect.objectContaining({ code: "REC_USAGE", status: 2, message: what }),
    );
  });
});

test("an exact name goes before longer ones that begin so", () => {
  const flag = (path: string): Option => ({
    path,
    type: { kind: "flag" },
    default: false,
    cli: ["rec"],
    file: [],
    decidedBy: "user",
    long: path,
    help: path,
  });
  const { values } = parseArguments([flag("log-all"), flag("log")], ["--log"], false);
  expect([...values.keys()]).toEqual(["log"]);
});

describe("any arguments", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "-",
      "--",
      "-o",
      "-w",
      "-s",
      "-vh",
      "--log",
      "--log-input=no",
      "-s2",
      "--=",
      "--writer",
      "file,none",
      "-c",
      "x",
      "1",
    ),
    fc.string().map((text) => `--${text}`),
    fc.string().map((text) => `-${text}`),
  );

  test("are options and positionals, each argument once, or a usage error", () => {
    const program = fc.constantFrom<ProgramName>("rec", "rec-session", "rec-play");
    fc.assert(
      fc.property(program, fc.array(word), fc.boolean(), (name, args, isPermuting) => {
        let parsed: ReturnType<typeof parse>;
        try {
          parsed = parse(name, args, isPermuting);
        } catch (error) {
          if (!(error instanceof RecError)) throw error;
          expect(error.code).toBe("REC_USAGE");
          return;
        }
        const { positionalIndexes, restIndex } = parsed;
        expect(positionalIndexes).toEqual([...new Set(positionalIndexes)].sort((a, b) => a - b));
        const rest = args.map((_, i) => i).slice(restIndex);
        expect(positionalIndexes.slice(positionalIndexes.length - rest.length)).toEqual(rest);
        if (!isPermuting) expect(positionalIndexes).toEqual(rest);
      }),
      { numRuns: 20_000, interruptAfterTimeLimit: 10_000 },
    );
  });

  test("after -- are positional, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(word), fc.boolean(), (args, isPermuting) => {
        const { values, positionalIndexes } = parse("rec", ["--", ...args], isPermuting);
        expect(values.size).toBe(0);
        expect(positionalIndexes).toHaveLength(args.length);
      }),
    );
  });
});
