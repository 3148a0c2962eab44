/** Runs the bundle of a command from V8's code cache: time that a login, or who reads recordings, does not wait. Called by the launcher with DESCRIPTOR NAME. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

const folder = import.meta.dirname;
const [, , , name, mode, ...others] = process.argv;
const isReader = name === "recctl" || name === "rec-play";
const bundle = isReader ? name : "recorder";
const filename = join(folder, `${bundle}.cjs`);
const cacheFile = join(folder, `${bundle}.cache`);

// A function, of ASCII alone: the build sees to both.
const source = readFileSync(filename, "latin1");
// The cache holds the name, and is to be the same wherever it is built.
const cached = readCache();
const script = new Script(source, { filename: `${bundle}.cjs`, ...cached });
// V8 has copied what it needs; a session that collects no garbage would keep the 200 KB to its end.
const { cachedData } = cached;
// A small file, which is none of ours, would lie in Node's pool among others.
if (cachedData?.buffer.byteLength === cachedData?.byteLength)
  (cachedData?.buffer as ArrayBuffer | undefined)?.transfer(0);
if (mode === "make-cache") writeCacheAtExit();
run();

function run(): void {
  const load = isReader ? requireLate : process.getBuiltinModule;
  script.runInThisContext()(load, { exports: {} }, {}, folder);
}

/** One of Node's own modules, loaded when something of it is first used: the readers have them all, and each use of them needs few. */
function requireLate(builtin: string): object {
  let loaded: Readonly<Record<PropertyKey, unknown>> | undefined;
  return new Proxy(
    {},
    {
      get(_, key) {
        loaded ??= process.getBuiltinModule(builtin) as unknown as Readonly<Record<PropertyKey, unknown>>;
        return loaded[key];
      },
    },
  );
}

function readCache(): { cachedData?: Buffer } {
  if (mode === "make-cache") return {};
  try {
    return { cachedData: readFileSync(cacheFile) };
  } catch {
    // It is only faster with it; V8 itself refuses one that is not for this source and these flags.
    return {};
  }
}

/** The functions that were used are in the cache then; all commands leave by the addon's exitNow. What other descriptors describe is run first. */
function writeCacheAtExit(): void {
  const { dlopen } = process;
  process.dlopen = (module: { exports: { exitNow?: (status: number) => never } }, file: string) => {
    dlopen(module, file);
    const { exitNow } = module.exports;
    module.exports.exitNow = (status) => {
      const next = status === 0 ? others.shift() : undefined;
      if (next === undefined) return end(() => exitNow?.(status) as never);
      process.argv[2] = next;
      return run() as never;
    };
  };
}

/** With the flags that the commands start with: V8 takes no cache that was made with others. They compile a function when it is first called. */
function end(exit: () => never): never {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  // The build has it off, since the cache tells which functions it has compiled, as chance has it; a login has it on.
  setFlagsFromString("--sparkplug");
  setFlagsFromString("--lazy");
  writeFileSync(cacheFile, script.createCachedData());
  return exit();
}
