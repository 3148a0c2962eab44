/** rec: records one command, or a shell. */
import { userInfo } from "node:os";
import { aboutText } from "../src/about.ts";
import { shortId } from "../src/catalog/name.ts";
import { recordingsFolder } from "../src/catalog/place.ts";
import { loadConfiguration } from "../src/config/load.ts";
import type { Settings } from "../src/config/options.ts";
import { programNamed } from "../src/config/program.ts";
import { readConfigurationFile } from "../src/config/read-file.ts";
import type { OpenMedium } from "../src/media.ts";
import { record, tell } from "../src/recording.ts";
import { candidates } from "../src/session/executable.ts";
import { identify } from "../src/session/identity.ts";
import type { Launch } from "../src/session/launch.ts";
import { shellWord } from "../src/shell-word.ts";
import { native } from "../src/terminal/native.ts";

export async function rec(launch: Launch): Promise<void> {
  const program = programNamed(launch.argv0, "rec");
  const surroundings = {
    readFile: readConfigurationFile,
    environment: launch.env,
  };
  const { settings, positionalIndexes } = loadConfiguration(program, launch.args, surroundings);
  const about = await aboutText(program, settings);
  if (about !== undefined) {
    tell(native, about, 1);
    native.exitNow(0);
  }
  const given = positionalIndexes.map((index) => launch.rawArgs[index] ?? new Uint8Array());
  const isShell = given.length === 0;
  const args = isShell ? [Buffer.from(shellOf(launch))] : given;
  const identity = identify(launch.env("TERM"));
  const say = (text: string): void => tell(native, text);
  await record({
    name: program.invokedAs,
    native,
    ownsStdin: false,
    transferPrograms: [],
    warn: say,
    fail: say,
    launch,
    identity,
    settings,
    folder: recordingsFolder(launch.env),
    program: {
      paths: candidates(args[0] ?? new Uint8Array(), launch.env("PATH")),
      args,
      environment: launch.environment,
    },
    isLogin: false,
    notice: isShell ? "rec: recording; leave the shell to end it\n" : "",
    farewell: (media) => {
      const line = isShell ? replayLine(launch, media, settings, identity.rec) : undefined;
      return line === undefined ? "" : `rec: replay it with: ${line}\n`;
    },
  });
}

function shellOf({ env }: Launch): string {
  const shell = env("SHELL");
  if (shell !== undefined && shell !== "") return shell;
  return userInfo().shell || "/bin/sh";
}

/** As this command was called, so that the line works as it stands; undefined where nothing can be replayed. */
function replayLine(
  launch: Launch,
  media: readonly OpenMedium[],
  settings: Settings<"rec">,
  rec: string,
): string | undefined {
  const player = shellWord(launch.argv0.replace(/[^/]*$/, "rec-play"));
  const option = (name: string, value: string | undefined): string =>
    value === undefined ? "" : ` ${name} ${shellWord(value)}`;
  for (const { name, writer } of media) {
    if (name === "folder") return `${player}${option("--folder-path", settings["folder.path"])} ${shortId(rec)}`;
    // A file may hold other recordings too.
    if (name === "file") return `${player} -i ${shellWord(writer.name)} -m ${shortId(rec)}`;
    if (name === "journal") return `${player}${option("-N", settings["journal.namespace"])} -M ${shortId(rec)}`;
  }
  return undefined;
}
