/** Compiles what is C: the launcher, which a package needs in a form of its own, and the addon. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const native = join(dirname(import.meta.dirname), "native");
const require = createRequire(import.meta.url);

/** `--disable-sigusr1`: no signal may open a debugger. */
const quiet = ["--disable-sigusr1", "--no-warnings"];
/**
 * V8's second engine for regular expressions takes no time but in proportion to the text; it has no groups that refer back, and no ignoring
 * of case. Set from within, by node:v8, it took 6 ms: that loads what streams need.
 */
const linearPatterns = [
  "--enable-experimental-regexp-engine",
  "--enable-experimental-regexp-engine-on-excessive-backtracks",
];
const fewThreads = ["--single-threaded-gc", "--v8-pool-size=1"];
/**
 * At each start V8 hashes the strings of node's snapshot anew, 5 ms, so that nobody knows which ones have equal hashes: of use to who reads
 * what others made up, not to a recorder, in which no table grows with names that its user chose, but for what one variable of his holds
 * (REC_SESSION_CONF_TEXT), 128 KiB at most. V8 refuses its cache of node's own modules then, so a recorder uses but two (node:os, node:vm)
 * that are not in the snapshot.
 */
const sameHashes = "--no-rehash-snapshot";
/** Of node that records. Memory flags: measured, see docs/architecture.md. */
export const recorderFlags: readonly string[] = [...quiet, "--max-semi-space-size=1", ...fewThreads, sameHashes];
/** Of node that plays, lists and searches. V8 alone lets garbage grow with the host's memory: gigabytes where a recording is one long string. */
export const readerFlags: readonly string[] = [
  ...quiet,
  "--max-semi-space-size=4",
  "--heap-growing-percent=50",
  ...linearPatterns,
  ...fewThreads,
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

/**
 * The launcher, at `target`. `library`: the absolute path of the folder of node, addon and bundles on the host that it is
 * installed on; without, they are expected beside it, as in a checkout, and no privilege is supported.
 */
export function compileLauncher(target: string, library?: string): void {
  const place = library === undefined ? [] : [`-DLIBRARY="${library}"`];
  const flags = [`-DRECORDER_FLAGS=${inC(recorderFlags)}`, `-DREADER_FLAGS=${inC(readerFlags)}`];
  compile(target, ["launcher.c"], ["-static", ...flags, ...place]);
}

function inC(flags: readonly string[]): string {
  return flags.map((flag) => `"${flag}",`).join("");
}

/** What a recorder needs root's right for; set-user-ID when installed. */
export function compileWitness(target: string): void {
  compile(target, ["witness.c", "proc.c", "utmp.c"], ["-static", "-D_GNU_SOURCE"]);
}

export function compileAddon(target: string): void {
  const files = readdirSync(native).filter(
    (file) => file.endsWith(".c") && !["launcher.c", "witness.c", "utmp.c"].includes(file),
  );
  compile(target, files, [
    "-shared",
    "-fPIC",
    "-D_GNU_SOURCE",
    "-fvisibility=hidden",
    "-Wl,-z,now",
    `-I${includeFolder()}`,
  ]);
}

function includeFolder(): string {
  return join(dirname(require.resolve("node-api-headers/package.json")), "include");
}

/** Compiles when a source, this script or nothing yet is newer than the result. */
function compile(target: string, files: readonly string[], flags: readonly string[]): void {
  const sources = files.map((file) => join(native, file));
  const headers = readdirSync(native).filter((file) => file.endsWith(".h"));
  const inputs = [...sources, ...headers.map((file) => join(native, file)), import.meta.filename];
  if (existsSync(target) && inputs.every((input) => statSync(input).mtimeMs < statSync(target).mtimeMs)) return;
  const compiler = process.env["CC"] ?? "cc";
  execFileSync(compiler, [...warnings, ...hardening, ...flags, ...sources, "-o", target], { stdio: "inherit" });
}
