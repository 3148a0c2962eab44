/** Builds what runs: the launcher and the addon with cc, the bundles of the commands and of the library with esbuild, all into build/. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { buildLibrary } from "./library.ts";
import { compileAddon, compileLauncher, compileWitness, recorderFlags } from "./native.ts";

const root = dirname(import.meta.dirname);
const out = join(root, "build");
const require = createRequire(import.meta.url);

/** commander is CommonJS and requires what is Node's; modules have no `require`. */
const requireInModules = "const require = process.getBuiltinModule;";

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

/** CommonJS in one file starts 10 ms earlier than modules (docs/architecture.md), so that is what a login gets; the others have chunks. */
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
  const entryPoints = ["recorder", "start"].map(entry);
  const define = { "import.meta.dirname": "__dirname" };
  const { metafile } = await build({ ...common, entryPoints, format: "cjs", define, outExtension: { ".js": ".cjs" } });
  const inputs = Object.keys(metafile.inputs);
  for (const [name, ...threads] of [["rec-play"], ["recctl", "indexer"]] as const) {
    const chunks = { splitting: true, chunkNames: `${name}-[name]-[hash]`, banner: { js: requireInModules } };
    const { metafile } = await build({
      ...common,
      ...chunks,
      entryPoints: [name, ...threads].map(entry),
      format: "esm",
    });
    inputs.push(...Object.keys(metafile.inputs));
  }
  const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  // Whose licences go with the packages.
  writeFileSync(join(out, "bundled.json"), JSON.stringify([...new Set(packages)].sort()));
  cacheCode();
}

function entry(name: string): string {
  return join(root, "bin", `${name}.ts`);
}

/**
 * Lets `rec` run a session that leaves no trace, and keeps the code that V8 compiled for it. It is the same with every build: chance
 * is seeded, the program closes its output before it ends, so that the recorder learns of both in one order, and sparkplug is off.
 */
function cacheCode(): void {
  const launch = join(out, "launch");
  const args = ["rec", "-w", "none", "sh", "-c", "exec >&- 2>&-; sleep 0.1"];
  writeFileSync(launch, `${args.length}\n0\n0\n0\n\n\n0\n\0${args.map((text) => `${text}\0`).join("")}`);
  const description = openSync(launch, "r");
  const flags = [...recorderFlags, "--random-seed=1", "--no-sparkplug"];
  const run = [...flags, join(out, "start.cjs"), "3", "rec", "make-cache"];
  execFileSync(join(out, "node"), run, { stdio: ["ignore", "ignore", "inherit", description], env: {} });
  closeSync(description);
  rmSync(launch);
}
