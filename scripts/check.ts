/** `npm run check`: types, lint, architecture, dead code, size of files, tests with coverage. Stops at the first that fails. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";

process.chdir(dirname(import.meta.dirname));

/** A file of more lines than the first is told, of more than the second refused: it holds more than one noun. */
const longLines = 250;
const tooLongLines = 400;

run("types", "tsc");
run("lint and format", "biome", "ci");
checkDirections();
run("dead code", "knip");
checkSizes();
run("tests with coverage", "vitest", "run", "--coverage", "--project", "fast");

function run(what: string, command: string, ...args: string[]): void {
  console.log(`\n== ${what}: ${command} ${args.join(" ")}`);
  try {
    execFileSync(command, args, { stdio: "inherit" });
  } catch {
    console.error(`check: ${what} failed`);
    process.exit(1);
  }
}

/** dependency-cruiser that cannot read TypeScript finds no violations in 0 modules; that is no success. */
function checkDirections(): void {
  run("directions", "depcruise", "src", "bin", "test", "bench", "scripts");
  const json = execFileSync("depcruise", ["src", "bin", "--output-type", "json"], { maxBuffer: 1 << 28 });
  const { totalCruised } = (JSON.parse(json.toString()) as { summary: { totalCruised: number } }).summary;
  const sources = tracked().filter((file) => /^(src|bin)\/.*\.ts$/.test(file)).length;
  if (totalCruised >= sources) return;
  console.error(`check: dependency-cruiser saw ${totalCruised} modules, but there are ${sources} source files`);
  process.exit(1);
}

function checkSizes(): void {
  console.log("\n== size of files");
  const lengths = tracked()
    .filter((file) => /\.(ts|c|h)$/.test(file))
    .map((file) => ({ file, lines: readFileSync(file, "latin1").split("\n").length - 1 }));
  for (const { file, lines } of lengths) if (lines > longLines) console.warn(`${file}: ${lines} lines`);
  if (lengths.every(({ lines }) => lines <= tooLongLines)) return;
  console.error(`check: no file has more than ${tooLongLines} lines`);
  process.exit(1);
}

function tracked(): string[] {
  const names = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]).toString();
  return names.split("\0").filter((name) => name !== "");
}
