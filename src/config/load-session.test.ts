import { describe, expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { RecError } from "../errors.ts";
import { type Loaded, loadConfiguration } from "./load.ts";
import type { Value } from "./option.ts";
import { optionsOf } from "./options.ts";
import { programNamed } from "./program.ts";

interface Around {
  files?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  named?: Readonly<Record<string, Value>>;
}

function load({ files = {}, env = {}, args = [], named }: Around): Loaded<"rec-session"> {
  const readFile = (path: string): string | undefined => {
    if (files[path] === "unreadable") throw new RecError("REC_CONFIG_READ", { file: path, why: "permission denied" });
    return files[path];
  };
  const surroundings = { readFile, environment: (variable: string) => env[variable] };
  return loadConfiguration(programNamed("-rec-session", "rec-session"), args, surroundings, named);
}

const sessionFile = "/etc/rec-session/rec-session.conf";

describe("rec-session obeys the administrator", () => {
  const userText =
    '{"writer": "file", "file": {"path": "/dev/null"}, "log": {"output": false}, "notice": "", "shell": "/bin/zsh"}';

  test("the environment can set the shell, and nothing else", () => {
    const loaded = load({ env: { REC_SESSION_CONF_TEXT: userText } });
    expect(loaded.settings).toMatchObject({ shell: "/bin/zsh", writer: ["journal"], "log.output": true });
    expect(loaded.settings).not.toHaveProperty("file.path");
    expect(loaded.settings).toHaveProperty("notice", "\nATTENTION! Your session is being recorded!\n\n");
    expect(loaded.notices).toEqual(
      ["writer", "file.path", "log.output", "notice"].map(
        (path) => `REC_SESSION_CONF_TEXT: ignored ${path}: only ${sessionFile} decides it`,
      ),
    );
    expect(loaded.problems).toEqual([]);
  });

  test("a file of the user's choice is not even read", () => {
    const files = { "/shadow": "unreadable" };
    const loaded = load({ files, env: { REC_SESSION_CONF_FILE: "/shadow" } });
    expect(loaded.problems).toEqual([]);
    expect(loaded.notices).toEqual([`REC_SESSION_CONF_FILE: ignored the whole file: only ${sessionFile} decides it`]);
  });

  test.each(["rec-session", "tlog-rec-session"])(
    "what recctl enable wrote counts for %s, below the site's file",
    (name) => {
      const files: Record<string, string> = {
        "/etc/rec-session/own-journal.conf": '{"journal": {"namespace": "rec-session"}}',
      };
      const read = (): Loaded<"rec-session"> =>
        loadConfiguration(programNamed(name, "rec-session"), [], {
          readFile: (path) => files[path],
          environment: () => undefined,
        });
      expect(read()).toMatchObject({ settings: { "journal.namespace": "rec-session" }, problems: [], notices: [] });
      files[sessionFile] = '{"latency": 9}';
      expect(read().settings).toMatchObject({ "journal.namespace": "rec-session", latency: 9 });
      files[sessionFile] = '{"journal": {"namespace": "site"}}';
      expect(read().settings).toMatchObject({ "journal.namespace": "site" });
      files["/etc/rec-session/own-journal.conf"] = "{";
      expect(read().problems).toHaveLength(1);
    },
  );

  test("unless the system file says so", () => {
    const files = { [sessionFile]: '{"environment": true}', "/my.conf": '{"latency": 9, "environment": false}' };
    const env = { REC_SESSION_CONF_FILE: "/my.conf", REC_SESSION_CONF_TEXT: userText };
    const loaded = load({ files, env });
    expect(loaded.settings).toMatchObject({
      latency: 9,
      writer: ["file"],
      "file.path": "/dev/null",
      notice: "",
      environment: true,
    });
    expect(loaded.notices).toEqual([]);
  });

  test("the environment cannot say so", () => {
    const env = { REC_SESSION_CONF_TEXT: '{"environment": true, "latency": 9}' };
    expect(load({ env }).settings).toMatchObject({ environment: false, latency: 1 });
  });

  test("nor can a broken system file, and what else it holds still counts", () => {
    const files = { [sessionFile]: '{"environment": "yes", "log": {"input": true}, "latency": 0, "x": 1}' };
    const loaded = load({ files, env: { REC_SESSION_CONF_TEXT: userText } });
    expect(loaded.settings).toMatchObject({ environment: false, latency: 1, "log.input": true, writer: ["journal"] });
    expect(loaded.problems.map(({ code }) => code)).toEqual([
      "REC_CONFIG_VALUE",
      "REC_CONFIG_VALUE",
      "REC_CONFIG_UNKNOWN",
    ]);
  });

  test.each<[name: string, around: Around, code: string]>([
    ["a list", { files: { [sessionFile]: "[]" } }, "REC_CONFIG_SYNTAX"],
    ["a number", { files: { [sessionFile]: "5" } }, "REC_CONFIG_SYNTAX"],
    ["a comment that is not closed", { files: { [sessionFile]: "{} /*" } }, "REC_CONFIG_SYNTAX"],
    ["a file that cannot be read", { files: { [sessionFile]: "unreadable" } }, "REC_CONFIG_READ"],
    ["a variable that is no configuration", { env: { REC_SESSION_CONF_TEXT: "[]" } }, "REC_CONFIG_SYNTAX"],
    ["a writer without its file", { files: { [sessionFile]: '{"writer": ["file"]}' } }, "REC_CONFIG_VALUE"],
  ])("nobody is locked out by %s", (_name, around, code) => {
    const loaded = load({ ...around, args: ["-l"] });
    expect(loaded.problems.map((problem) => problem.code)).toEqual([code]);
    expect(loaded.settings).toMatchObject({
      login: true,
      writer: ["journal"],
      "fallback-shell": "/bin/bash",
    });
  });

  test("what a user makes up by the thousand is told in a few sentences", () => {
    const names = Array.from({ length: 5000 }, (_, i) => `"no-such-${i}": 1`);
    const { problems } = load({ env: { REC_SESSION_CONF_TEXT: `{${names.join(", ")}}` } });
    expect(problems).toHaveLength(11);
    expect(problems[9]?.message).toContain(": no-such-9: no such option");
    expect(problems[10]?.message).toContain(": 4990 others: no such option");
  });

  test("the program's name and PREFIX_SHELL go over the files", () => {
    const files = { [sessionFile]: '{"shell": "/bin/a"}' };
    const env = { REC_SESSION_CONF_TEXT: '{"shell": "/bin/b"}' };
    const named = { shell: "/bin/c", login: true };
    expect(load({ files, env, named }).settings).toMatchObject({ shell: "/bin/c", login: true });
  });

  test("-c wants a string", () => {
    expect(load({ args: ["-c", "ls"] })).toMatchObject({
      settings: { command: true },
      positionalIndexes: [1],
    });
    expect(() => load({ args: ["-c"] })).toThrow("option -c/--command needs a command string after the options");
  });

  test("no text in the environment changes what the administrator decides", () => {
    const usual = load({}).settings as Readonly<Record<string, unknown>>;
    const administrators = optionsOf("rec-session").filter(({ decidedBy }) => decidedBy === "administrator");
    const key = fc.constantFrom(...administrators.flatMap(({ path }) => path.split(".")), "x");
    const leaf = fc.oneof(
      fc.constantFrom("none", "file", "drop", "/dev/null", "stop"),
      fc.boolean(),
      fc.integer({ min: 0, max: 100_000 }),
      fc.constant(null),
    );
    const text = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf))).map((object) => JSON.stringify(object));
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { settings } = load({
          files: { "/f": other },
          env: { REC_SESSION_CONF_TEXT: one, REC_SESSION_CONF_FILE: "/f" },
        });
        for (const { path } of administrators) {
          expect((settings as Readonly<Record<string, unknown>>)[path]).toEqual(usual[path]);
        }
      }),
      { numRuns: 2000, interruptAfterTimeLimit: 10_000 },
    );
  });
});
