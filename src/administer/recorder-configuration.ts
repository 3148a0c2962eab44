/** What recorders are configured to do, read as they read it, for the doctor. */
import { loadConfiguration } from "../config/load.ts";
import { type Program, programNamed } from "../config/program.ts";
import { readConfigurationFile } from "../config/read-file.ts";
import type { RecError } from "../errors.ts";
import type { Configuration, ReadConfiguration, RecorderName } from "../site/doctor/settings.ts";
import type { Host } from "../site/host.ts";

export function configurationReader(host: Host): ReadConfiguration {
  return (recorder: RecorderName): Configuration => {
    const program = programNamed(recorder, "rec-session");
    const { systemPath, insteadPath } = program;
    const found = new Set<string>();
    const readFile = (path: string): string | undefined => {
      const details = host.details(path);
      if (details !== undefined) found.add(path);
      return readConfigurationFile(host.place(path));
    };
    const { settings, problems, notices } = load(program, readFile);
    // What we ourselves may not read tells nothing of what the recorder may.
    const unread = problems.find(isForbidden);
    if (unread !== undefined) throw unread;
    const path = found.has(systemPath) || insteadPath === undefined ? systemPath : insteadPath;
    const isPassedOver = insteadPath !== undefined && insteadPath !== path && setsAnything(insteadPath, readFile);
    return {
      path,
      isThere: found.has(path),
      passedOver: isPassedOver ? insteadPath : undefined,
      faults: problems.map(({ message }) => message),
      notices,
      settings,
      whenItSays(text) {
        const told = load(program, (asked) => (asked === path ? text : readFile(asked)));
        return told.problems.length > problems.length ? undefined : told.settings;
      },
    };
  };
}

type ReadFile = (path: string) => string | undefined;

function load(
  program: Program<"rec-session">,
  readFile: ReadFile,
): ReturnType<typeof loadConfiguration<"rec-session">> {
  return loadConfiguration(program, [], { readFile, environment: () => undefined });
}

/** The file that the package brings sets nothing. */
function setsAnything(path: string, readFile: ReadFile): boolean {
  const program = programNamed("rec-session", "rec-session");
  const told = load(program, (asked) => (asked === path ? readFile(path) : undefined));
  return JSON.stringify(told.settings) !== JSON.stringify(load(program, () => undefined).settings);
}

function isForbidden({ cause }: RecError): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "EACCES";
}
