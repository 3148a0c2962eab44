/** Builds what runs: the launcher and the addon with cc, the bundles of the commands and of the library with esbuild, all into build/. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { cacheRecctl, cacheRecorder, cacheRecPlay } from "./code-cache.ts";
import { buildLibrary } from "./library.ts";
import { compileAddon, compileLauncher, compileWitness } from "./native.ts";

const root = dirname(import.meta.dirname);
const out = join(root, "build");
const require = createRequire(import.meta.url);

/** The bundles that bin/start.ts runs. */
const started = ["recorder", "recctl", "rec-play"];
/** As Node wraps CommonJS. */
const wrapper = "function (require, module, exports, __dirname)";

mkdirSync(out, { recursive: true });
linkNode();
compileLauncher(join(out, "launcher"));
// The one of the packages: a copy of it stands in another folder than node.
compileLauncher(join(out, "launcher-packaged"), "/usr/lib/rec-session");
compileWitness(join(out, "witness"));
compileAddon(join(out, "addon.node"));
await bundle();
await buildLibrary(join(out, "library"));

function linkNode(): void {
  const node = join(dirname(require.resolve(`node-linux-${process.arch}/package.json`)), "bin/node");
  rmSync(join(out, "node"), { force: true });
  symlinkSync(node, join(out, "node"));
}

/** CommonJS in one file starts 10 ms earlier than modules, and V8 can cache its code (docs/architecture.md). */
async function bundle(): Promise<void> {
  for (const file of readdirSync(out)) if (/\.(c?js|cache)$/.test(file)) rmSync(join(out, file));
  const common = {
    bundle: true,
    platform: "node",
    target: "node24",
    outdir: out,
    minify: true,
    logLevel: "warning",
    metafile: true,
  } as const;
  const define = { "import.meta.dirname": "__dirname" };
  const commonJs = { ...common, format: "cjs", define, outExtension: { ".js": ".cjs" } } as const;
  const built = [
    await build({ ...commonJs, entryPoints: ["start", "indexer"].map(entry) }),
    // As the function that bin/start.ts calls: put around it there, all of it would be copied.
    await build({
      ...commonJs,
      entryPoints: started.map(entry),
      banner: { js: `(${wrapper} {` },
      footer: { js: "})" },
    }),
  ];
  const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  // Whose licences go with the packages.
  writeFileSync(join(out, "bundled.json"), JSON.stringify([...new Set(packages)].sort()));
  for (const name of started) refuseOtherThanAscii(join(out, `${name}.cjs`));
  cacheRecorder(out);
  cacheRecctl(out);
  cacheRecPlay(out);
}

/** bin/start.ts reads it as Latin-1: with one other character each of them would take two bytes, and 2 ms of every start. */
function refuseOtherThanAscii(file: string): void {
  const other = /[^\x00-\x7f]/.exec(readFileSync(file, "utf8"))?.[0];
  if (other !== undefined) throw new Error(`${file}: ${other} is not ASCII: write it as an escape`);
}

function entry(name: string): string {
  return join(root, "bin", `${name}.ts`);
}
