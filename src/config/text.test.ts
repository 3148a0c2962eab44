import { describe, expect, test } from "vitest";
import { completionsOf } from "../../test/harness/completion.ts";
import { manPageComplaints, manPageText } from "../../test/harness/man-page.ts";
import { completion } from "./completion.ts";
import { configurationText } from "./configuration-text.ts";
import { filePage } from "./file-page.ts";
import { helpText } from "./help.ts";
import { parseJsonc } from "./jsonc.ts";
import { loadConfiguration } from "./load.ts";
import { manPage } from "./man.ts";
import type { ProgramName } from "./option.ts";
import { optionsOf } from "./options.ts";
import { programNamed } from "./program.ts";
import { programTexts } from "./program-text.ts";
import { sampleFile } from "./sample.ts";
import { valuesOf } from "./section.ts";
import { valueFromJson } from "./value.ts";

const names: readonly ProgramName[] = ["rec", "rec-session", "rec-play"];
const root = "../..";

describe.each(names)("%s", (name) => {
  const program = programNamed(name, name);
  const options = optionsOf(name);
  const inFile = options.filter(({ file }) => file.includes(name));

  test("--help is as checked in", async () => {
    await expect(helpText(program)).toMatchFileSnapshot(`${root}/test/golden-help/${name}.txt`);
  });

  test("--help keeps to 80 columns and has every option on one line", () => {
    const lines = helpText(program).split("\n");
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    for (const { cli, long, help } of options) {
      const found = lines.filter((line) => line.includes(help));
      expect(found).toHaveLength(cli.includes(name) ? 1 : 0);
      if (cli.includes(name)) expect(found[0]).toMatch(new RegExp(`^ {2}(-., | {4})--${long}\\b\\S* {2,}`));
    }
  });

  test("the sample file is as checked in", async () => {
    await expect(sampleFile(name)).toMatchFileSnapshot(`${root}/packaging/${name}.conf`);
  });

  test("the sample file sets nothing as it is", () => {
    expect(valuesOf(inFile, parseJsonc(sampleFile(name), name), name, false)).toEqual({
      values: new Map(),
      notices: [],
      problems: [],
    });
  });

  test("the sample file with every option taken in is the table's defaults and examples", () => {
    const text = sampleFile(name).replaceAll(/^( +)\/\/"/gm, '$1"');
    const { values, problems } = valuesOf(inFile, parseJsonc(text, name), name, false);
    expect(problems).toEqual([]);
    const expected = inFile.map(({ path, type, default: value, example }) => [
      path,
      value ?? valueFromJson(type, type.kind === "number" ? Number(example) : (example ?? null)),
    ]);
    expect([...values]).toEqual(expected);
  });

  test("each option of the sample file can be taken in alone", () => {
    const lines = sampleFile(name).split("\n");
    const places = lines.flatMap((line, i) => (/^ +\/\/"/.test(line) ? [i] : []));
    expect(places).toHaveLength(inFile.length);
    for (const place of places) {
      const text = lines.map((line, i) => (i === place ? line.replace("//", "") : line)).join("\n");
      expect(valuesOf(inFile, parseJsonc(text, name), name, false)).toMatchObject({
        values: { size: 1 },
        problems: [],
      });
    }
  });

  test("--configuration is a configuration that changes nothing, safe to show", () => {
    const around = { readFile: () => undefined, environment: () => undefined };
    const settings = { ...loadConfiguration(program, [], around).settings, "folder.path": "/\u009b2J\u202e" };
    const text = configurationText(name, settings);
    expect(text).toContain('"path": "/\\u009b2J\\u202e"');
    const again = loadConfiguration(program, [], { ...around, readFile: () => text });
    expect(again.settings).toEqual(settings);
    const keys = Object.keys(JSON.parse(text));
    expect(keys).toEqual([...new Set(inFile.map(({ path }) => path.split(".")[0]))]);
  });

  const { section } = programTexts[name];

  test("the man page is as checked in", async () => {
    await expect(manPage(program)).toMatchFileSnapshot(`${root}/docs/man/${name}.${section}`);
  });

  test("the man page is clean for mandoc and groff", (context) => {
    const complaints = manPageComplaints(manPage(program));
    if (complaints === undefined) context.skip("needs mandoc and groff");
    expect(complaints).toBe("");
  });

  test("the man page shows every option", (context) => {
    const text = manPageText(manPage(program));
    if (text === undefined) context.skip("needs groff");
    for (const { cli, long } of options) {
      if (cli.includes(name)) expect(text).toMatch(new RegExp(`^ +(-., )?--${long}`, "m"));
    }
  });

  test("the man page of its file is as checked in, and clean", async (context) => {
    const page = filePage(program);
    await expect(page).toMatchFileSnapshot(`${root}/docs/man/${name}.conf.5`);
    const complaints = manPageComplaints(page);
    if (complaints === undefined) context.skip("needs mandoc and groff");
    expect(complaints).toBe("");
    for (const { path } of inFile) {
      expect(manPageText(page)).toMatch(new RegExp(`^ +${path.replaceAll(".", "\\.")}\\b`, "m"));
    }
  });

  test("the example of a file is one", () => {
    const [, ...lines] = programTexts[name].fileExample;
    const { values, problems } = valuesOf(inFile, parseJsonc(lines.join("\n"), name), name, false);
    expect(problems).toEqual([]);
    expect(values.size).toBeGreaterThan(1);
  });

  test("the completion is as checked in, and offers options and their values", async (context) => {
    const text = completion(name);
    await expect(text).toMatchFileSnapshot(`${root}/packaging/completion/${name}`);
    const here = import.meta.dirname;
    const offered = completionsOf(text, `${name} --`, here);
    if (offered === undefined) context.skip("needs bash-completion");
    const taken = options.filter(({ cli }) => cli.includes(name)).map(({ long }) => `--${long}`);
    expect(offered?.map((word) => word.replace(/=$/, ""))).toEqual(taken);
    for (const { type, long, placeholder } of options.filter(({ cli }) => cli.includes(name))) {
      const values = (line: string) => completionsOf(text, `${name} ${line}`, here);
      if (type.kind === "choice") expect(values(`--${long}=`)).toEqual(type.choices);
      if (type.kind === "choice") expect(values(`--${long} `)).toEqual(type.choices);
      if (placeholder === "FILE") expect(values(`--${long} text.t`)).toEqual(["text.test.ts"]);
    }
  });
});

test("what rec is given to run completes as it would alone", (context) => {
  const lines = ["rec --writer=none --log-input=yes cat text.t", "rec -o x -- cat text.t", "rec cat text.t"];
  for (const line of lines) {
    const offered = completionsOf(completion("rec"), line, import.meta.dirname);
    if (offered === undefined) context.skip("needs bash-completion");
    expect(offered, line).toEqual(["text.test.ts"]);
  }
});
