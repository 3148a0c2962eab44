/** A line of a file of the site's: where it is, and the command that changes it and no other. */
import { RecError } from "../../errors.ts";
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";

export interface Line {
  readonly path: string;
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The first that matches; none either where the file is not to be read, which others tell. */
export function lineOf(host: Host, path: string, pattern: RegExp): Line | undefined {
  const lines = readable(host, path).split("\n");
  const at = lines.findIndex((text) => pattern.test(text));
  return at < 0 ? undefined : { path, number: at + 1, text: lines[at] as string };
}

function readable(host: Host, path: string): string {
  try {
    return host.text(path) ?? "";
  } catch (error) {
    if (!(error instanceof RecError)) throw error;
    return "";
  }
}

/** "FILE:LINE", or the file alone where no line matches. */
export function placeOf(host: Host, path: string, pattern: RegExp): string {
  const line = lineOf(host, path, pattern);
  return line === undefined ? path : `${path}:${line.number}`;
}

/** The command that puts `to` in the place of `from`, which is in the line; where the line has changed since it does nothing. */
export function replacing({ path, number }: Line, from: string, to: string): string {
  const pattern = from.replaceAll(/[\\/.*[\]^$]/g, "\\$&");
  const text = to.replaceAll(/[\\/&]/g, "\\$&");
  return `sed -i ${shellWord(`${number}s/${pattern}/${text}/`)} ${shellWord(path)}`;
}
