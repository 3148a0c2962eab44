/** The library: `import ... from "rec-session"`, as modules and their declarations. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
/** A file of ours, as declarations name it; who compiles against them knows it as JavaScript. */
const imported = /((?:from |import\()"\.[^"]+)\.ts"/g;
const entries = ["index", "format", "emulator"];

/** Not minified: who uses it reads its stack traces. What several entries need is in chunks, so that RecError is one class. */
export async function buildLibrary(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  await build({
    entryPoints: entries.map((name) => join(root, `src/library/${name}.ts`)),
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: out,
    logLevel: "warning",
  });
  declare(join(out, "types"));
}

/** Of all that tsc declares, what the entries lead to: nobody can import the rest, and much of it needs Node's types. */
function declare(out: string): void {
  const all = join(root, "build/declarations");
  rmSync(all, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "--project", join(root, "tsconfig.library.json"), "--outDir", all], {
    stdio: "inherit",
  });
  const reached = new Set<string>();
  for (const name of entries) reach(join(all, `library/${name}.d.ts`), reached);
  for (const file of reached) {
    const target = join(out, relative(all, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(file, "utf8").replaceAll(imported, '$1.js"'));
  }
  rmSync(all, { recursive: true });
}

function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path = ""] of readFileSync(file, "utf8").matchAll(imported)) {
    reach(join(dirname(file), `${path.slice(path.indexOf('"') + 1)}.d.ts`), reached);
  }
}
