/** Builds what runs: the launcher and the addon with cc, the bundles of the commands with esbuild, all into build/. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const root = dirname(import.meta.dirname);
const out = join(root, "build");
const native = join(root, "native");
const require = createRequire(import.meta.url);

/** `--disable-sigusr1`: no signal may open a debugger. Memory flags: measured, see docs/architecture.md. */
const nodeFlags = [
  "--disable-sigusr1",
  "--no-warnings",
  "--max-semi-space-size=1",
  "--single-threaded-gc",
  "--v8-pool-size=1",
];

const warnings = [
  "-std=gnu17",
  "-O2",
  "-Wall",
  "-Wextra",
  "-Wshadow",
  "-Wconversion",
  "-Wno-sign-conversion",
  "-Werror",
];
const hardening = ["-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"];

mkdirSync(out, { recursive: true });
linkNode();
const launcherFlags = ["-static", `-DNODE_FLAGS=${nodeFlags.map((flag) => `"${flag}",`).join("")}`];
compile("launcher", ["launcher.c"], launcherFlags);
// The one of the packages: a copy of it stands in another folder than node.
compile("launcher-packaged", ["launcher.c"], [...launcherFlags, '-DLIBRARY="/usr/lib/rec-session"']);
compile(
  "addon.node",
  readdirSync(native).filter((file) => file.endsWith(".c") && file !== "launcher.c"),
  ["-shared", "-fPIC", "-D_GNU_SOURCE", "-fvisibility=hidden", "-Wl,-z,now", `-I${includeFolder()}`],
);
await bundle();

function linkNode(): void {
  const node = join(dirname(require.resolve(`node-linux-${process.arch}/package.json`)), "bin/node");
  rmSync(join(out, "node"), { force: true });
  symlinkSync(node, join(out, "node"));
}

function includeFolder(): string {
  return join(dirname(require.resolve("node-api-headers/package.json")), "include");
}

/** Compiles when a source, this script or nothing yet is newer than the result. */
function compile(name: string, files: string[], flags: string[]): void {
  const target = join(out, name);
  const sources = files.map((file) => join(native, file));
  const inputs = [...sources, join(native, "addon.h"), import.meta.filename];
  if (existsSync(target) && inputs.every((input) => statSync(input).mtimeMs < statSync(target).mtimeMs)) return;
  const compiler = process.env["CC"] ?? "cc";
  execFileSync(compiler, [...warnings, ...hardening, ...flags, ...sources, "-o", target], { stdio: "inherit" });
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
  for (const name of ["rec-play", "recctl"]) {
    const chunks = { splitting: true, chunkNames: `${name}-[name]-[hash]` };
    const { metafile } = await build({ ...common, ...chunks, entryPoints: [entry(name)], format: "esm" });
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

/** Lets `rec` run a session that leaves no trace, and keeps the code that V8 compiled for it. */
function cacheCode(): void {
  const launch = join(out, "launch");
  const args = ["rec", "-w", "none", "true"];
  writeFileSync(launch, `${args.length}\n0\n0\n0\n\n\n${args.map((text) => `${text}\0`).join("")}`);
  const description = openSync(launch, "r");
  const run = [...nodeFlags, join(out, "start.cjs"), "3", "rec", "make-cache"];
  execFileSync(join(out, "node"), run, { stdio: ["ignore", "ignore", "inherit", description], env: {} });
  closeSync(description);
  rmSync(launch);
}
