/** Where a program is, by the rules of execvp(3). */
import { accessSync, constants, statSync } from "node:fs";

/** The paths to try in turn for a command's name, which may hold any bytes. */
export function candidates(command: Uint8Array, searchPath: string | undefined): Uint8Array[] {
  const slash = 47;
  if (command.includes(slash) || command.length === 0) return [command];
  const folders = (searchPath ?? "/bin:/usr/bin").split(":");
  return folders.map((folder) => Buffer.concat([Buffer.from(folder === "" ? "./" : `${folder}/`), command]));
}

/** Why this file cannot be run by the user, in words; undefined when it can. */
export function unrunnable(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return "not a file";
    accessSync(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EACCES"
      ? "permission denied"
      : "no such file or directory";
  }
}
