/** How a recorder's command runs: from the launcher's description to an exit status, with every failure told in a sentence. */
import { report } from "./cli.ts";
import { programNamed } from "./config/program.ts";
import { tell } from "./recording.ts";
import { callName, type Launch, readLaunch } from "./session/launch.ts";
import { tellAdministrator } from "./system-log.ts";
import { native } from "./terminal/native.ts";

/** Runs `main`, which ends the process itself when all goes well. */
export function runCommand(own: "rec" | "rec-session", main: (launch: Launch) => Promise<void>): void {
  let name: string = own;
  let isDebugging = false;
  const fail = (error: unknown): void => {
    const say = (text: string): void => {
      tell(native, text);
      if (own === "rec-session") tellAdministrator(native, name, text);
    };
    native.exitNow(report(name, error, say, isDebugging));
  };
  // Node would end without leaving the terminal as it was, and with a stack in its user's face. A promise's failure comes here, too.
  process.once("uncaughtException", fail);
  try {
    const launch = readLaunch();
    name = programNamed(own === "rec" ? launch.argv0 : callName(launch), own).invokedAs;
    isDebugging = launch.env("REC_DEBUG") !== undefined;
    main(launch).catch(fail);
  } catch (error) {
    fail(error);
  }
}
