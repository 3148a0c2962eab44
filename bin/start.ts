/** Runs the recorders' bundle from V8's code cache: 3 ms that a login does not wait. Called by the launcher with DESCRIPTOR NAME. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";

const folder = import.meta.dirname;
const [, , , , mode] = process.argv;
const filename = join(folder, "recorder.cjs");
const cacheFile = join(folder, "recorder.cache");

const source = `(function (require, module, exports, __dirname) {${readFileSync(filename, "utf8")}\n})`;
// The cache holds the name, and is to be the same wherever it is built.
const script = new Script(source, { filename: "recorder.cjs", ...readCache() });
if (mode === "make-cache") writeCacheAtExit();
script.runInThisContext()(createRequire(filename), { exports: {} }, {}, folder);

function readCache(): { cachedData?: Buffer } {
  if (mode === "make-cache") return {};
  try {
    return { cachedData: readFileSync(cacheFile) };
  } catch {
    // It is only faster with it; V8 itself refuses one that is not for this source and these flags.
    return {};
  }
}

/** The functions that a whole session used are in the cache then; a recorder leaves by the addon's exitNow. */
function writeCacheAtExit(): void {
  const { dlopen } = process;
  process.dlopen = (module: { exports: { exitNow?: (status: number) => never } }, file: string) => {
    dlopen(module, file);
    const { exitNow } = module.exports;
    module.exports.exitNow = (status) => {
      // The build has it off, since the cache tells which functions it has compiled, as chance has it; a login has it on.
      process.getBuiltinModule("node:v8").setFlagsFromString("--sparkplug");
      writeFileSync(cacheFile, script.createCachedData());
      return exitNow?.(status) as never;
    };
  };
}
