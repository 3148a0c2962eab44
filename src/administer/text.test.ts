import { describe, expect, test } from "vitest";
import { completionsOf } from "../../test/harness/completion.ts";
import { manPageComplaints, manPageText } from "../../test/harness/man-page.ts";
import type { CommandOption } from "../config/option.ts";
import { completion } from "./completion.ts";
import { generalOptions, helpOption } from "./general-options.ts";
import { helpText, subcommandHelpText } from "./help.ts";
import { manPage } from "./man.ts";
import { everySubcommand, subcommandNames } from "./table.ts";

const root = "../..";
const subcommands = await everySubcommand();
const page = await manPage();

test("the table names every subcommand as it names itself", () => {
  expect(subcommands.map(({ name }) => name)).toEqual(subcommandNames);
});

test("recctl --help is as checked in, and keeps to 80 columns", async () => {
  const text = await helpText();
  await expect(text).toMatchFileSnapshot(`${root}/test/golden-help/recctl.txt`);
  expectWidth(text);
});

describe.each(subcommands)("recctl $name", (subcommand) => {
  const text = subcommandHelpText(subcommand);

  test("--help is as checked in", async () => {
    await expect(text).toMatchFileSnapshot(`${root}/test/golden-help/recctl-${subcommand.name}.txt`);
  });

  test("--help keeps to 80 columns and has every option on one line", () => {
    expectWidth(text);
    for (const { long, help } of [...subcommand.options, helpOption]) {
      const found = text.split("\n").filter((line) => line.includes(help) && line.includes(`--${long}`));
      expect(found, help).toHaveLength(1);
      expect(found[0]).toMatch(/^ {2}(-., | {4})--\S+ {2,}/);
    }
  });

  test("what it says is in the manner of the house", () => {
    const { summary, description, options, examples } = subcommand;
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    for (const paragraph of description) expect(paragraph).toMatch(/^[A-Z].*\.$/);
    for (const { help, details } of options) {
      expect(help).toMatch(/^[A-Z].*[^.]$/);
      if (details !== undefined) expect(details).toMatch(/^[A-Z'-].*\.$/);
    }
    expect(examples.length).toBeGreaterThan(0);
    for (const [command, meaning] of examples) {
      expect(command).toContain(`recctl ${subcommand.name}`);
      expect(meaning).toMatch(/^[a-z].*[^.]$/);
    }
  });

  test("no two options have one name", () => {
    const options: readonly CommandOption[] = [...subcommand.options, helpOption];
    for (const names of [
      options.map(({ path }) => path),
      options.flatMap(({ short }) => short ?? []),
      options.flatMap(({ long, alias }) => [long ?? [], alias ?? []].flat()),
    ]) {
      expect(names).toEqual([...new Set(names)]);
    }
  });
});

test("the man page is as checked in", async () => {
  await expect(page).toMatchFileSnapshot(`${root}/docs/man/recctl.8`);
});

test("the man page is clean for mandoc and groff", (context) => {
  const complaints = manPageComplaints(page);
  if (complaints === undefined) context.skip("needs mandoc and groff");
  expect(complaints).toBe("");
});

test("the man page shows every command and option", (context) => {
  const text = manPageText(page);
  if (text === undefined) context.skip("needs groff");
  for (const { name, options } of subcommands) {
    expect(text).toMatch(new RegExp(`^ +${name} \\[OPTION\\]`, "m"));
    for (const { long } of [...options, ...generalOptions])
      expect(text).toMatch(new RegExp(`^ +(-., )?--${long}\\b`, "m"));
  }
});

test("the completion is as checked in, and offers commands, options and values", async (context) => {
  const text = await completion();
  await expect(text).toMatchFileSnapshot(`${root}/packaging/completion/recctl`);
  const offered = (line: string) => completionsOf(text, line, import.meta.dirname);
  const commands = offered("recctl ");
  if (commands === undefined) context.skip("needs bash-completion");
  expect(commands).toEqual(subcommandNames);
  for (const { name, options } of subcommands) {
    const names = offered(`recctl ${name} --`)?.map((word) => word.replace(/=$/, ""));
    expect(names).toEqual([...options, helpOption].map(({ long }) => `--${long}`));
  }
});

function expectWidth(text: string): void {
  for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
}
