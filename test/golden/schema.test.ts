/** docs/recording-format.md and its schema against the code, and every golden recording against the schema. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../src/format/parse-message.ts";
import { goldenFolder, recordings } from "./recordings.ts";

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const known = ["$schema", "$id", "title", "type", "const", "pattern", "maxLength", "minimum", "maximum", "required", "properties", "items"];
const docs = `${goldenFolder}/../../docs`;
const schema = JSON.parse(readFileSync(`${docs}/recording.schema.json`, "utf8")) as Schema;
const text = readFileSync(`${docs}/recording-format.md`, "utf8");

describe("every line of a golden recording is as the schema says", () => {
  test.each(recordings)("%s", (name) => {
    const lines = readFileSync(`${goldenFolder}/${name}/recording.jsonl`, "utf8").trimEnd().split("\n");
    for (const line of lines) expect(wrongs(schema, JSON.parse(line), "message")).toEqual([]);
  });
});

describe("the schema refuses", () => {
  const line = readFileSync(`${goldenFolder}/start-and-end/recording.jsonl`, "utf8").split("\n")[2] as string;
  const cases: [field: string, value: unknown][] = [
    ["ver", "3"],
    ["host", undefined],
    ["rec", "x".repeat(257)],
    ["session", 0],
    ["id", 1.5],
    ["pos", -1],
    ["time", "1"],
    ["timing", ">"],
    ["in_bin", [256]],
    ["start", { command: [1], cwd: "", tty: null, peer: null }],
    ["lost", { in: 1, out: 1, from: 1, to: -1 }],
    ["echo", [1]],
    ["end", null],
  ];
  test.each(cases)("%s as %j", (field, value) => {
    expect(wrongs(schema, { ...JSON.parse(line), [field]: value }, "message")).toHaveLength(1);
  });
  test("an id as long as parsing does", () => {
    const longest = schema.properties?.["rec"]?.maxLength as number;
    const parse = (length: number) => parseMessage(JSON.stringify({ ...JSON.parse(line), rec: "x".repeat(length) }));
    expect(parse(longest).rec).toHaveLength(longest);
    expect(() => parse(longest + 1)).toThrow("is longer than");
  });
  test("nothing that it cannot check", () => {
    const keywords = (part: Schema): string[] => [
      ...Object.keys(part),
      ...Object.values(part.properties ?? {}).flatMap(keywords),
      ...(part.items ? keywords(part.items) : []),
    ];
    expect(keywords(schema).filter((keyword) => !known.includes(keyword))).toEqual([]);
  });
});

describe("the tables of the document list exactly the fields", () => {
  const lines = recordings.flatMap((name) => readFileSync(`${goldenFolder}/${name}/recording.jsonl`, "utf8").trimEnd().split("\n"));

  test("of a message: as written, as in the schema, as many as parsing takes", () => {
    const documented = tableAfter("## Fields");
    expect(documented).toEqual(Object.keys(schema.properties ?? {}));
    expect(documented.slice(0, 14)).toEqual(Object.keys(JSON.parse(lines[0] as string)).slice(0, 14));
    expect(documented).toHaveLength(Object.keys(parseMessage(lines[0] as string)).length);
  });

  test.each(["start", "lost", "end"])("of %s", (name) => {
    const documented = tableAfter(`### ${name}`);
    expect(documented).toEqual(Object.keys(schema.properties?.[name]?.properties ?? {}));
    const written = lines.map((line) => JSON.parse(line)[name]).find((value) => value !== undefined);
    expect(documented.filter((field) => !["import", "cut", "bad"].includes(field))).toEqual(Object.keys(written));
  });

  test("of import, and every import is as the schema says", () => {
    const documented = tableAfter("### import");
    expect(documented).toEqual(Object.keys(schema.properties?.["start"]?.properties?.["import"]?.properties ?? {}));
    const files = readdirSync(`${goldenFolder}/import/expected`);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const imported = readFileSync(`${goldenFolder}/import/expected/${file}`, "utf8").split("\n").filter((line) => line.startsWith("{"));
      for (const line of imported) expect(wrongs(schema, JSON.parse(line), "message")).toEqual([]);
      expect(Object.keys(JSON.parse(imported[0] as string).start.import)).toEqual(documented);
    }
  });
});

/** Names in the first column of the first table after `heading`. */
function tableAfter(heading: string): string[] {
  const [table] = /(\|.*\n)+/.exec(text.slice(text.indexOf(`\n${heading}\n`))) ?? [""];
  return [...table.matchAll(/^\| `(\w+)`/gm)].map((row) => row[1] as string);
}

/** Where and how `value` is not as `part` says: as much of JSON Schema as ours uses. */
function wrongs(part: Schema, value: unknown, place: string): string[] {
  const types = part.type === undefined ? [] : [part.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${place} is not ${types.join(" or ")}`];
  if (part.const !== undefined && value !== part.const) return [`${place} is not ${part.const}`];
  if (typeof value === "string") {
    if ([...value].length > (part.maxLength ?? Infinity)) return [`${place} is too long`];
    return part.pattern && !new RegExp(part.pattern, "u").test(value) ? [`${place} is ${value}`] : [];
  }
  if (typeof value === "number") {
    return value < (part.minimum ?? value) || value > (part.maximum ?? value) ? [`${place} is ${value}`] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => wrongs(part.items ?? {}, item, `${place}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>;
  const missing = (part.required ?? []).filter((name) => fields[name] === undefined);
  const present = Object.entries(part.properties ?? {}).filter(([name]) => fields[name] !== undefined);
  return [
    ...missing.map((name) => `${place}.${name} is missing`),
    ...present.flatMap(([name, schemaOfField]) => wrongs(schemaOfField, fields[name], `${place}.${name}`)),
  ];
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
