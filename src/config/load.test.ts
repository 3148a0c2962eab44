import { describe, expect, test } from "vitest";
import { RecError } from "../errors.ts";
import { type Loaded, loadConfiguration, type Surroundings } from "./load.ts";
import type { ProgramName, Value } from "./option.ts";
import { programNamed } from "./program.ts";

interface Around {
  files?: Readonly<Record<string, string>>;
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  named?: Readonly<Record<string, Value>>;
}

const owners: Readonly<Record<string, ProgramName>> = {
  rec: "rec",
  "rec-session": "rec-session",
  "rec-play": "rec-play",
  "tlog-rec": "rec",
  "tlog-rec-session": "rec-session",
  "tlog-play": "rec-play",
};

function load(name: string, { files = {}, env = {}, args = [], named }: Around): Loaded<ProgramName> {
  const surroundings: Surroundings = {
    readFile: (path) => {
      if (files[path] === "unreadable") throw new RecError("REC_CONFIG_READ", { file: path, why: "permission denied" });
      return files[path];
    },
    environment: (variable) => env[variable],
  };
  return loadConfiguration(programNamed(name, owners[name] as ProgramName), args, surroundings, named);
}

const recFile = "/etc/rec-session/rec.conf";

describe("layers: the later wins, key by key", () => {
  const layers: Around = {
    files: {
      [recFile]:
        '{"latency": 2, "payload": 102, "log": {"input": true, "window": false}, "limit": {"rate": 2, "burst": 2}}',
      "/my.conf": '{"latency": 3, "limit": {"rate": 3}, "log": null}',
    },
    env: { REC_CONF_FILE: "/my.conf", REC_CONF_TEXT: '{"latency": 4, "log": {"window": null, "output": false}}' },
    named: { "limit.action": "drop" },
    args: ["--latency=5", "ls"],
  };

  test("all together", () => {
    expect(load("rec", layers)).toMatchObject({
      settings: {
        latency: 5,
        payload: 102,
        "log.input": true,
        "log.output": false,
        "log.window": false,
        "limit.rate": 3,
        "limit.burst": 2,
        "limit.action": "drop",
        "buffer.bytes": 8_388_608,
        writer: ["folder"],
        help: false,
      },
      restIndex: 1,
      positionalIndexes: [1],
      notices: [],
      problems: [],
    });
  });

  test.each<[latency: number, without: (around: Around) => Around]>([
    [4, (around) => ({ ...around, args: [] })],
    [3, (around) => ({ ...around, args: [], env: { REC_CONF_FILE: "/my.conf" } })],
    [2, (around) => ({ ...around, args: [], env: {} })],
    [1, () => ({})],
  ])("latency %i with fewer", (latency, without) => {
    expect(load("rec", without(layers)).settings).toHaveProperty("latency", latency);
  });

  test("lists replace", () => {
    const files = { [recFile]: '{"writer": ["file", "folder"], "file": {"path": "/f"}}' };
    expect(load("rec", { files, env: { REC_CONF_TEXT: '{"writer": "none"}' } }).settings).toHaveProperty("writer", [
      "none",
    ]);
    expect(load("rec", { files, args: ["-wfolder"] }).settings).toHaveProperty("writer", ["folder"]);
  });

  test("what nobody decided is undefined", () => {
    expect(load("rec", {}).settings).not.toHaveProperty("file.path");
    expect(load("rec-play", {}).settings).not.toHaveProperty("format");
  });

  test("rec-play reads no variables", () => {
    const env = { REC_PLAY_CONF_TEXT: "[]", REC_CONF_TEXT: "[]" };
    expect(load("rec-play", { env, args: ["x", "-s2"] })).toMatchObject({
      settings: { speed: 2 },
      positionalIndexes: [0],
    });
  });

  test("a file that is named is written to, unless the same layer or a later one says where else", () => {
    expect(load("rec", { args: ["-o", "f"] }).settings).toMatchObject({ writer: ["file"], "file.path": "f" });
    expect(load("rec", { args: ["-o", "f", "-w", "folder,file"] }).settings).toHaveProperty("writer", [
      "folder",
      "file",
    ]);
    const env = { REC_CONF_TEXT: '{"file": {"path": "f"}}' };
    expect(load("rec", { env }).settings).toHaveProperty("writer", ["file"]);
    expect(load("rec", { env, args: ["-w", "folder"] }).settings).toHaveProperty("writer", ["folder"]);
  });

  test("tlog's files name a file beside another writer: there it means nothing alone", () => {
    const files = { "/etc/tlog/tlog-rec-session.conf": '{"file": {"path": "/f"}}' };
    expect(load("tlog-rec-session", { files }).settings).toHaveProperty("writer", ["journal"]);
  });

  test.each([
    [["-w", "journal", "--fallback-writer", "file"], "the writer 'file' needs a file: name it with -o/--file-path"],
    [
      ["-w", "folder", "--required", "journal"],
      'option --required is ["journal"]: expected names of the writers only, or none',
    ],
  ])("%j is refused", (args, message) => {
    expect(() => load("rec", { args })).toThrow(message);
  });

  test("--version needs no file to write to", () => {
    expect(load("tlog-rec", { args: ["--version"] }).settings).toHaveProperty("version", true);
  });

  test.each(["--help", "--version"])("%s comes whatever the configuration is", (option) => {
    const files = { [recFile]: "[]" };
    expect(load("rec", { files, args: [option] }).settings).toHaveProperty(option.slice(2), true);
    expect(() => load("rec", { files, args: ["--configuration"] })).toThrow(RecError);
  });
});

describe("a bad configuration of rec", () => {
  const cannot = (file: string, rest: string): string => `cannot use the configuration ${file}: ${rest}`;

  test.each<[name: string, around: Around, code: string, message: string]>([
    [
      "a list",
      { files: { [recFile]: "[]" } },
      "REC_CONFIG_SYNTAX",
      `cannot read the configuration ${recFile}: line 1, column 1: expected an object that begins with '{', found '['`,
    ],
    [
      "a variable",
      { env: { REC_CONF_TEXT: "5" } },
      "REC_CONFIG_SYNTAX",
      "cannot read the configuration REC_CONF_TEXT: line 1, column 1: expected an object that begins with '{', found '5'",
    ],
    [
      "an empty variable",
      { env: { REC_CONF_TEXT: "" } },
      "REC_CONFIG_SYNTAX",
      "cannot read the configuration REC_CONF_TEXT: line 1, column 1: expected '{', found nothing but blanks and comments",
    ],
    [
      "a file that cannot be read",
      { files: { [recFile]: "unreadable" } },
      "REC_CONFIG_READ",
      `cannot read the configuration ${recFile}: permission denied`,
    ],
    [
      "a named file that is absent",
      { env: { REC_CONF_FILE: "/no" } },
      "REC_CONFIG_READ",
      "cannot read the configuration /no: no such file or directory",
    ],
    [
      "an unknown key",
      { files: { [recFile]: '{"foo": 1}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "foo: no such option"),
    ],
    [
      "an unknown key in a section",
      { files: { [recFile]: '{"log": {"err": 1}}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "log.err: no such option"),
    ],
    [
      "a dot is no nesting",
      { files: { [recFile]: '{"log.input": true}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "log.input: no such option"),
    ],
    [
      "a prototype's key",
      { files: { [recFile]: '{"__proto__": {"latency": 5}}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "__proto__: no such option"),
    ],
    [
      "positional arguments",
      { files: { [recFile]: '{"args": []}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "args: no such option"),
    ],
    [
      "an option of the command line alone",
      { files: { [recFile]: '{"help": true}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "help: no such option"),
    ],
    [
      "an option of rec-session",
      { files: { [recFile]: '{"notice": ""}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "notice: no such option"),
    ],
    [
      "tlog's keys in our file",
      { files: { [recFile]: '{"es": {}}' } },
      "REC_CONFIG_UNKNOWN",
      cannot(recFile, "es: no such option"),
    ],
    [
      "a wrong type",
      { files: { [recFile]: '{"latency": "5"}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'latency is "5": expected an integer from 1 to 3600'),
    ],
    [
      "a fraction",
      { files: { [recFile]: '{"latency": 1.5}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, "latency is 1.5: expected an integer from 1 to 3600"),
    ],
    [
      "out of range",
      { files: { [recFile]: '{"payload": 31}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, "payload is 31: expected an integer from 32 to 1048576"),
    ],
    [
      "a word for a boolean",
      { files: { [recFile]: '{"log": {"input": "yes"}}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'log.input is "yes": expected true or false'),
    ],
    [
      "another choice",
      { files: { [recFile]: '{"limit": {"action": "stop"}}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'limit.action is "stop": expected pass, delay or drop'),
    ],
    [
      "another writer",
      { files: { [recFile]: '{"writer": ["file", "paper"]}' } },
      "REC_CONFIG_VALUE",
      cannot(
        recFile,
        'writer is ["file","paper"]: expected one of, or a list of, file, folder, journal, syslog; or none alone',
      ),
    ],
    [
      "no writer",
      { files: { [recFile]: '{"writer": []}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, "writer is []: expected one of, or a list of, file, folder, journal, syslog; or none alone"),
    ],
    [
      "an empty path",
      { files: { [recFile]: '{"file": {"path": ""}}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'file.path is "": expected a text that is not empty, without NUL'),
    ],
    [
      "a path with NUL",
      { files: { [recFile]: '{"file": {"path": "/a\\u0000b"}}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'file.path is "/a\\u0000b": expected a text that is not empty, without NUL'),
    ],
    [
      "a section that is a list",
      { files: { [recFile]: '{"log": [true]}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, "log is [true]: expected an object in { }"),
    ],
    [
      "an option that is a section",
      { files: { [recFile]: '{"latency": {"x": 1}}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, 'latency is {"x":1}: expected an integer from 1 to 3600'),
    ],
    [
      "the writer file without a file",
      { files: { [recFile]: '{"writer": "file"}' } },
      "REC_CONFIG_VALUE",
      cannot(recFile, `writer is ["file"]: expected file.path beside it, for the writer 'file'`),
    ],
    [
      "the writer file without a file, on the command line",
      { args: ["-w", "file"] },
      "REC_USAGE",
      "the writer 'file' needs a file: name it with -o/--file-path",
    ],
  ])("%s", (_name, around, code, message) => {
    expect(() => load("rec", around)).toThrow(expect.objectContaining({ code, message }));
  });
});

describe("under tlog's names", () => {
  const tlogText = `{
    // as tlog-rec-session.conf has it
    "latency" : 10, "payload" : 2048, "writer" : "journal",
    "syslog": {"facility": "authpriv"}, "journal": {"priority": "info", "augment": true}
  }`;

  test("tlog's files go on working", () => {
    const files = {
      "/etc/tlog/tlog-rec-session.conf": tlogText,
      "/etc/rec-session/rec-session.conf": '{"latency": 7}',
    };
    const loaded = load("tlog-rec-session", { files });
    expect(loaded.settings).toMatchObject({
      latency: 10,
      payload: 2048,
      writer: ["journal"],
      "syslog.facility": "authpriv",
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.notices).toEqual([]);
  });

  test.each<[string, string | undefined, number, string]>([
    // With our meaning: who names a file means it to be written.
    ["our file counts where tlog's is absent", undefined, 7, "file"],
    ["and not where tlog's is there", "{}", 1, "journal"],
    ["nor where it is broken", "{", 1, "journal"],
  ])("%s", (_, text, latency, writer) => {
    const files = {
      "/etc/rec-session/rec-session.conf": '{"latency": 7, "file": {"path": "/f"}}',
      ...(text === undefined ? {} : { "/etc/tlog/tlog-rec-session.conf": text }),
    };
    expect(load("tlog-rec-session", { files }).settings).toMatchObject({ latency, writer: [writer] });
  });

  test("tlog's variables count, ours do not", () => {
    const env = { TLOG_REC_CONF_TEXT: '{"latency": 3, "file": {"path": "/f"}}', REC_CONF_TEXT: '{"payload": 99}' };
    expect(load("tlog-rec", { env }).settings).toMatchObject({ latency: 3, payload: 32_768, writer: ["file"] });
    expect(load("rec", { env }).settings).toMatchObject({ latency: 1, payload: 99 });
  });

  test("tlog-rec writes to a file", () => {
    expect(load("tlog-rec", { args: ["-o", "f"] }).settings).toHaveProperty("writer", ["file"]);
    expect(() => load("tlog-rec", {})).toThrow("the writer 'file' needs a file");
  });

  test("tlog-play's readers are ignored", () => {
    const files = { "/etc/tlog/tlog-play.conf": '{"reader": "es", "es": {"baseurl": "x"}, "persist": true}' };
    expect(load("tlog-play", { files })).toMatchObject({ settings: { persist: true }, problems: [] });
  });
});
