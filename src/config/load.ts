/** The layers of a program's configuration, from the defaults to the command line, merged into its settings. */
import { RecError } from "../errors.ts";
import { type ParsedArguments, parseArguments } from "./arguments.ts";
import { type JsonObject, parseJsonc } from "./jsonc.ts";
import type { Option, ProgramName, Value } from "./option.ts";
import { optionsOf, type Settings } from "./options.ts";
import type { Program } from "./program.ts";
import { valuesOf } from "./section.ts";
import { shown } from "./value.ts";

/** What surrounds a program: its files and its environment. */
export interface Surroundings {
  /** The text of a file, undefined when there is no such file; throws a RecError when it cannot be read. */
  readFile(path: string): string | undefined;
  environment(name: string): string | undefined;
}

export interface Loaded<Name extends ProgramName> {
  readonly settings: Settings<Name>;
  readonly positionalIndexes: readonly number[];
  /** How many arguments were consumed as options. */
  readonly restIndex: number;
  /** What was ignored, and why: for the administrator, not for the session. */
  readonly notices: readonly string[];
  /** Only for rec-session: what is wrong with its configuration; a user must not be locked out by it. */
  readonly problems: readonly RecError[];
}

type Origin = "default" | "system" | "environment" | "named" | "arguments";

interface Layer {
  readonly values: ReadonlyMap<string, Value>;
  readonly origin: Origin;
  /** The file or variable it is from. */
  readonly place: string;
  /** Its options are tlog's, and have tlog's meaning. */
  readonly isTlog?: boolean;
}

/**
 * Defaults < what recctl enable wrote < system file (where tlog's is absent, ours) < PREFIX_CONF_FILE < PREFIX_CONF_TEXT < `named` < command line. `named` is what the caller found in argv[0]
 * and PREFIX_SHELL, by the option's path. Throws a RecError for a bad command line, and unless it is rec-session for a bad configuration.
 */
export function loadConfiguration<Name extends ProgramName>(
  program: Program<Name>,
  args: readonly string[],
  surroundings: Surroundings,
  named: Readonly<Record<string, Value>> = {},
): Loaded<Name> {
  const options = optionsOf(program.name);
  const onCommandLine = options.filter(({ cli }) => cli.includes(program.name));
  const parsed = parseArguments(onCommandLine, args, program.isPermuting);
  const notices: string[] = [];
  const problems: RecError[] = [];
  const layers = [defaultsOf(program, options)];
  // Help must come also when the configuration is what needs it.
  if (!parsed.values.has("help") && !parsed.values.has("version")) {
    layers.push(...configurationOf(program, options, surroundings, notices, problems));
  }
  layers.push({ values: new Map(Object.entries(named)), origin: "named", place: program.invokedAs });
  layers.push(argumentsOf(parsed));
  const unfit: RecError[] = [];
  const settings = merge(program, layers, unfit);
  // Nor must they fail by what only a recording needs.
  if (!["help", "version", "configuration"].some((path) => parsed.values.has(path))) problems.push(...unfit);
  if (program.name !== "rec-session" && problems[0] !== undefined) throw problems[0];
  const { positionalIndexes, restIndex } = parsed;
  if (parsed.values.has("command") && positionalIndexes.length === 0) {
    throw new RecError("REC_USAGE", { what: "option -c/--command needs a command string after the options" });
  }
  return { settings: settings as Settings<Name>, positionalIndexes, restIndex, notices, problems };
}

function defaultsOf(program: Program, options: readonly Option[]): Layer {
  const values = new Map<string, Value>();
  for (const option of options) {
    const value = program.defaults[option.path] ?? option.default;
    if (value !== undefined) values.set(option.path, value);
  }
  return { values, origin: "default", place: "the defaults" };
}

function argumentsOf({ values }: ParsedArguments): Layer {
  return { values, origin: "arguments", place: "the command line" };
}

function configurationOf(
  program: Program,
  options: readonly Option[],
  { readFile, environment }: Surroundings,
  notices: string[],
  problems: RecError[],
): Layer[] {
  const inFile = options.filter(({ file }) => file.includes(program.name));
  const layers: Layer[] = [];

  function add(origin: Origin, place: string, text: () => string | undefined, isTlog = program.isTlog): void {
    const object = attempt(place, text, problems);
    if (object === undefined) return;
    const read = valuesOf(inFile, object, place, isTlog);
    notices.push(...read.notices);
    problems.push(...read.problems);
    layers.push({ values: read.values, origin, place, isTlog });
  }

  const { systemPath, insteadPath, enabledPath } = program;
  if (enabledPath !== undefined) add("system", enabledPath, () => readFile(enabledPath), false);
  let isAbsent = false;
  add("system", systemPath, () => {
    const text = readFile(systemPath);
    isAbsent = text === undefined;
    return text;
  });
  // One that is there and wrong is not absent.
  if (isAbsent && insteadPath !== undefined) {
    add("system", insteadPath, () => readFile(insteadPath), false);
  }
  if (program.environmentPrefix === null) return layers;
  const isUserTrusted =
    program.name !== "rec-session" || layers.some(({ values }) => values.get("environment") === true);
  const fileVariable = `${program.environmentPrefix}_CONF_FILE`;
  const path = environment(fileVariable);
  // The recorder has rights the user has not: a file of the user's choice could be one that only the recorder may read.
  if (path !== undefined && !isUserTrusted) notices.push(administratorsOnly(fileVariable, "the whole file", program));
  else if (path !== undefined) add("environment", path, () => readFile(path) ?? missing(path));
  const textVariable = `${program.environmentPrefix}_CONF_TEXT`;
  add("environment", textVariable, () => environment(textVariable));
  return isUserTrusted ? layers : layers.map((layer) => withoutAdministrators(layer, inFile, notices, program));
}

function attempt(place: string, text: () => string | undefined, problems: RecError[]): JsonObject | undefined {
  try {
    const found = text();
    return found === undefined ? undefined : parseJsonc(found, place);
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    problems.push(error);
    return undefined;
  }
}

function missing(file: string): never {
  throw new RecError("REC_CONFIG_READ", { file, why: "no such file or directory" });
}

/** The recorded user decides nothing about the recording (docs/security.md: the environment does not steer the recorder). */
function withoutAdministrators(layer: Layer, options: readonly Option[], notices: string[], program: Program): Layer {
  if (layer.origin !== "environment") return layer;
  const values = new Map(layer.values);
  for (const { path, decidedBy } of options) {
    if (decidedBy === "administrator" && values.delete(path)) {
      notices.push(administratorsOnly(layer.place, path, program));
    }
  }
  return { ...layer, values };
}

function administratorsOnly(place: string, what: string, program: Program): string {
  return `${place}: ignored ${what}: only ${program.systemPath} decides it`;
}

function merge(program: Program, layers: readonly Layer[], problems: RecError[]): Readonly<Record<string, Value>> {
  const settings: Record<string, Value> = Object.create(null);
  const decided = new Map<string, Layer>();
  for (const layer of layers) {
    // A file that is named is meant to be written; tlog's own files say so in another place.
    const namesFile = layer.values.has("file.path") && !layer.values.has("writer");
    if (namesFile && layer.isTlog !== true) {
      settings["writer"] = ["file"];
      decided.set("writer", layer);
    }
    for (const [path, value] of layer.values) {
      // It says how far the environment is trusted, so the environment cannot say it.
      if (path === "environment" && layer.origin === "environment") continue;
      settings[path] = value;
      decided.set(path, layer);
    }
  }
  checkWriters(program, settings, layers, decided, problems);
  return settings;
}

/** What each option allows and all together do not; rec-session goes on with what it can. */
function checkWriters(
  program: Program,
  settings: Record<string, Value>,
  layers: readonly Layer[],
  decided: ReadonlyMap<string, Layer>,
  problems: RecError[],
): void {
  const { writer, required } = settings;
  const writers = Array.isArray(writer) ? writer : [];
  for (const path of ["writer", "fallback-writer"]) {
    const value = settings[path];
    const isFile = value === "file" || (Array.isArray(value) && value.includes("file"));
    if (!isFile || settings["file.path"] !== undefined) continue;
    problems.push(unfitting(decided.get(path), path, value, "file.path beside it, for the writer 'file'"));
    const byDefault = layers[0]?.values.get(path);
    if (byDefault !== undefined) settings[path] = byDefault;
  }
  const isUnknown = (name: string): boolean => name !== "none" && !writers.includes(name);
  if (!Array.isArray(required) || program.name === "rec-play" || !required.some(isUnknown)) return;
  problems.push(unfitting(decided.get("required"), "required", required, "names of the writers only, or none"));
  delete settings["required"];
}

function unfitting(layer: Layer | undefined, key: string, value: Value, expected: string): RecError {
  if (layer !== undefined && layer.origin !== "default" && layer.origin !== "arguments") {
    return new RecError("REC_CONFIG_VALUE", { file: layer.place, key, value: shown(value), expected });
  }
  const what =
    key === "required"
      ? `option --required is ${shown(value)}: expected ${expected}`
      : "the writer 'file' needs a file: name it with -o/--file-path";
  return new RecError("REC_USAGE", { what });
}
