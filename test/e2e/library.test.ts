/** The library as a package: what is built, imported by its own name from another folder. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../harness/recorder.ts";

const tsc = join(root, "node_modules/typescript/bin/tsc");
const page = readFileSync(join(root, "docs/library.md"), "utf8");

interface Example {
  readonly title: string;
  readonly code: string;
  readonly output: string;
}

/** Each block of code, under the heading above it, with what is said to be printed. */
const examples = [...page.matchAll(/^```ts\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/gms)].map(
  ({ index, 1: code = "", 2: output = "" }): Example => ({
    title: /.*^## ([^\n]*)/ms.exec(page.slice(0, index))?.[1] ?? "",
    code,
    output,
  }),
);

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rec-library-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/rec-session"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  copyFileSync(join(root, "test/golden/journal/ours.export"), join(folder, "session.export"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(code: string): string {
  const program = join(folder, "program.ts");
  writeFileSync(program, code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--no-warnings", program], { cwd: folder });
  expect(stderr.toString()).toBe("");
  expect(status).toBe(0);
  return stdout.toString();
}

/** What the compiler says of programs that nothing is forgiven; `types` are the packages of types that they have. */
function compile(name: string, programs: readonly string[], types: readonly string[]): string {
  const project = join(folder, name);
  mkdirSync(project);
  const files = programs.map((_, index) => `program-${index}.ts`);
  for (const [index, file] of files.entries()) writeFileSync(join(project, file), programs[index] as string);
  const compilerOptions = {
    ...{ target: "es2024", lib: ["es2024"], module: "nodenext", moduleResolution: "nodenext", noEmit: true },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
    ...{ noPropertyAccessFromIndexSignature: true, verbatimModuleSyntax: true, types },
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", project], { cwd: folder });
  expect(stdout.length > 0).toBe(status !== 0);
  return stdout.toString();
}

describe("docs/library.md", () => {
  test.each(examples)("$title: the example prints what stands under it", ({ code, output }) => {
    expect(run(code)).toBe(output);
  });

  test("each example compiles in a strict program", () => {
    const programs = examples.map(({ code }) => code);
    expect(compile("examples", programs, ["node"])).toBe("");
    expect(compile("spoilt", [...programs, (programs[0] as string).replace("atMs: 0", "at: 0")], ["node"])).toContain(
      "TS2",
    );
  });

  test("there is an example of every function", () => {
    const names = run(`
      import * as library from "rec-session";
      import * as screens from "rec-session/emulator";
      const own = ({ prototype }) => Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { value }]) => typeof value === "function").map(([name]) => name);
      const internal = ["constructor", "mayRead", "rowLetters"];
      const methods = own(screens.Emulator).filter((name) => !internal.includes(name)).map((name) => "." + name + "(");
      console.log([...Object.keys(library), ...Object.keys(library.catalog).map((name) => "catalog." + name), ...Object.keys(screens), ...methods].join(" "));
    `);
    const code = examples.map((example) => example.code).join("\n");
    for (const name of names.trim().split(" ")) expect(code).toContain(name);
    expect(names.split(" ").length).toBeGreaterThan(25);
  });
});

test("the types need no package of types, and refuse what is wrong", () => {
  const good = `
    import { catalog, decode, encode, exportRecording, openRecording, type Item, type Recording } from "rec-session";
    import { Emulator, type Cell } from "rec-session/emulator";
    import { RecError, type Packet } from "rec-session/format";
    export const list: (place: string) => Promise<Recording[]> = catalog.list;
    export async function first(place: string): Promise<Item | undefined> {
      for await (const item of await openRecording({ journal: { namespace: place } }, "id")) return item;
      return undefined;
    }
    export const again = (packets: Packet[]) => decode(encode(packets, { rec: "a", user: "b", startedMs: null }));
    export const cells: Cell[] = [];
    Emulator.open().readRow(0, cells);
    export const code = (error: RecError): "REC_USAGE" | undefined => (error.code === "REC_USAGE" ? error.code : undefined);
    export const bytes: AsyncIterable<Uint8Array> = exportRecording(again([]), "html");
  `;
  expect(compile("good", [good], [])).toBe("");
  const bad = `
    import { exportRecording, openRecording } from "rec-session";
    exportRecording([], "gif");
    openRecording({ folder: "x" });
    for await (const item of await openRecording("x")) if (item.kind === "nothing") break;
  `;
  expect(compile("bad", [bad], []).match(/error TS/g)).toHaveLength(3);
});

test("every export, and every member of what is exported, has its words", () => {
  const entries = ["index", "format", "emulator"].map((name) => join(root, `build/library/types/library/${name}.d.ts`));
  const program = ts.createProgram(entries, { strict: true, module: ts.ModuleKind.NodeNext, types: [] });
  const checker = program.getTypeChecker();
  const bare = new Set<string>();
  let count = 0;
  const look = (symbol: ts.Symbol, name: string, isMember = false): void => {
    const meant = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
    if (meant.name === "prototype" || /^(__|#)/.test(meant.name)) return;
    count++;
    const isModule = (meant.flags & ts.SymbolFlags.ValueModule) !== 0;
    if (!isModule && meant.getDocumentationComment(checker).length === 0) bare.add(name);
    if (isMember) return;
    const members = isModule ? checker.getExportsOfModule(meant) : [...(meant.members?.values() ?? [])];
    for (const member of members) {
      // The name says all that there is to say of these.
      const isPlain = /^(kind|atMs|bytes|fromMs|toMs|lastMs|fromId|toId|lastId)$/.test(member.name);
      if (!isPlain) look(member, `${name}.${member.name}`, !isModule);
    }
  };
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
    for (const symbol of checker.getExportsOfModule(module)) look(symbol, symbol.name);
  }
  expect([...bare]).toEqual([]);
  expect(count).toBeGreaterThan(100);
});

test("nothing is reached beside the entries", () => {
  const program = `await import("rec-session/build/library/index.js").catch((error) => console.log(error.code));`;
  expect(run(program)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n");
});

test.each(["format", "emulator"])("rec-session/%s runs where there is no Node", async (name) => {
  const source = {
    format: `
      import { decode, encode, RecError } from "rec-session/format";
      const bytes = new TextEncoder().encode("größe");
      const items = [{ kind: "output", atMs: 5, bytes }, { kind: "end", exit: 0, signal: null }];
      done((async () => {
        const found = [typeof RecError];
        for await (const item of decode(encode(items, { rec: "a", user: "b", startedMs: 0 }))) found.push(item.kind);
        for await (const item of decode(["{}"])) found.push(item.reason);
        return found.join(" ");
      })());`,
    emulator: `
      import { Emulator } from "rec-session/emulator";
      const emulator = Emulator.open();
      emulator.feed(new TextEncoder().encode("\\x1b[5;1H\\x1b[31mred"));
      const again = Emulator.restore(emulator.snapshot());
      done(Promise.resolve(again.rowText(4)));`,
  }[name] as string;
  // Nothing of Node's can be resolved for a browser: the bundler would refuse it.
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: folder },
    bundle: true,
    write: false,
    metafile: true,
    platform: "browser",
    format: "iife",
    logLevel: "silent",
  });
  for (const { imports } of Object.values(metafile.inputs)) {
    for (const { path } of imports) expect(path).not.toMatch(/^node:|^(?:fs|path|os|util|process|buffer)$/);
  }
  const result = Promise.withResolvers<string>();
  // A realm with nothing but the language and what every page has: xterm.js asks it whose keyboard there is.
  const navigator = { userAgent: "", platform: "" };
  const page = { TextEncoder, TextDecoder, setTimeout, queueMicrotask, navigator };
  const realm = createContext({ ...page, window: page, done: result.resolve });
  new Script(outputFiles[0]?.text ?? "").runInContext(realm);
  expect(await result.promise).toBe(
    name === "format" ? "function head output end not a message that can be played: field ver: is missing" : "red",
  );
});

test("a bundle for a browser that imports something of Node's is refused", async () => {
  const stdin = { contents: `import { catalog } from "rec-session"; catalog.list("x");`, resolveDir: folder };
  const built = build({ stdin, bundle: true, write: false, platform: "browser", logLevel: "silent" });
  await expect(built).rejects.toThrow('Could not resolve "node:');
});

test("it reads neither command line nor environment, and leaves the process as it was", () => {
  const program = `
    const told = [];
    // Node reads some itself.
    const isOurs = () => /\\/build\\/library\\//.test(new Error().stack.split("\\n")[3]);
    const get = (target, key) => (isOurs() && told.push(String(key)), target[key]);
    const watched = (value) => new Proxy(value, { get });
    process.argv = watched(process.argv);
    process.env = watched(process.env);
    const globals = Object.getOwnPropertyNames(globalThis).length;
    const { catalog, openRecording, exportRecording, importRecording, shownLines } = await import("rec-session");
    await catalog.list(".", { match: "command a", command: "(a+)+$" }).catch(() => {});
    for (const format of ["html", "text"]) for await (const _ of exportRecording(await openRecording("session.export"), format));
    for await (const _ of shownLines(await openRecording("session.export")));
    for await (const _ of importRecording(${JSON.stringify(join(root, "test/golden/import/asciicast-v2.cast"))}));
    let hasEngine = true;
    try { new RegExp("a", "l"); } catch { hasEngine = false; }
    const added = Object.getOwnPropertyNames(globalThis).length - globals;
    const listeners = process.eventNames().filter((name) => name !== "newListener" && name !== "removeListener");
    console.log(JSON.stringify({ told, added, hasEngine, listeners }));
  `;
  expect(JSON.parse(run(program))).toEqual({ told: [], added: 0, hasEngine: false, listeners: [] });
});
