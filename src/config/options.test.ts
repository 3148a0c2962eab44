import { describe, expect, expectTypeOf, test } from "vitest";
import type { Option, ProgramName } from "./option.ts";
import { optionsOf, type Settings } from "./options.ts";
import { valueFromJson } from "./value.ts";

const programs: readonly ProgramName[] = ["rec", "rec-session", "rec-play"];

describe.each(programs)("the table for %s", (program) => {
  const options = optionsOf(program);
  const onCommandLine = options.filter(({ cli }) => cli.includes(program));

  test("has every path and name once", () => {
    for (const key of ["path", "short", "long"] as const) {
      const names = options.map((option) => option[key]).filter((name) => name !== undefined);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test("has no option that is also a section", () => {
    for (const { path } of options) {
      expect(options.filter((other) => other.path.startsWith(`${path}.`))).toEqual([]);
    }
  });

  test("keeps a section's options together, as the sample file shows them", () => {
    const sections = options.map(({ path }) => path.split(".").slice(0, -1).join("."));
    const changes = sections.filter((section, i) => section !== "" && section !== sections[i - 1]);
    expect(changes).toEqual([...new Set(changes)]);
  });

  test.each(options)("$path: its default is a value of its type, and what it is called fits", (option: Option) => {
    if (option.default !== undefined) expect(valueFromJson(option.type, option.default)).toEqual(option.default);
    else if (option.file.includes(program)) expect(option.example).toBeDefined();
    expect(option.help).toMatch(/^[A-Z].*[^.]$/);
    expect(option.details ?? ".").toMatch(/\.$/);
    if (onCommandLine.includes(option)) expect(option.long).toMatch(/^[a-z]+(-[a-z]+)*$/);
    const isSwitch = option.type.kind === "flag" || option.type.kind === "boolean";
    expect(option.placeholder === undefined).toBe(isSwitch);
    // A flag can only be given, so a file could never take it back.
    if (option.type.kind === "flag") expect(option.file).toEqual([]);
  });
});

test("the recorded user's command line has nothing that the administrator decides", () => {
  const options = optionsOf("rec-session").filter(({ cli }) => cli.includes("rec-session"));
  expect(options.map(({ decidedBy }) => decidedBy)).not.toContain("administrator");
});

test("of what a file may hold, the recorded user decides the shell alone", () => {
  const paths = optionsOf("rec-session")
    .filter(({ file, decidedBy }) => file.includes("rec-session") && decidedBy === "user")
    .map(({ path }) => path);
  expect(paths).toEqual(["shell"]);
});

test("settings have the types of the table", () => {
  expectTypeOf<Settings<"rec">["limit.action"]>().toEqualTypeOf<"pass" | "delay" | "drop">();
  expectTypeOf<Settings<"rec">["writer"]>().toEqualTypeOf<
    readonly ("file" | "folder" | "journal" | "syslog" | "none")[]
  >();
  expectTypeOf<Settings<"rec">["file.path"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Settings<"rec-session">["shell"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Settings<"rec-session">["login"]>().toEqualTypeOf<boolean>();
  expectTypeOf<Settings<"rec-play">["speed"]>().toEqualTypeOf<number>();
  expectTypeOf<Settings<"rec-play">["format"]>().toEqualTypeOf<"raw" | "raw-in" | "json" | "text" | undefined>();
  expectTypeOf<Settings<"rec">>().not.toHaveProperty("notice");
});
