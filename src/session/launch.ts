/** What the launcher hands over: the state in which this command was started, before node changed any of it. */
import { closeSync, readFileSync } from "node:fs";
import { RecError } from "../errors.ts";
import { variable } from "./environment.ts";

export interface Launch {
  /** The path that was executed, as it was given: not argv[0], which its caller chooses. */
  readonly executed: string;
  /** From a package: the site's folders and files are used. */
  readonly isInstalled: boolean;
  /** The launcher was set-group-ID: the recorder has a right that its user has not. */
  readonly isPrivileged: boolean;
  readonly argv0: string;
  /** Arguments after argv[0]; bytes that are no UTF-8 are U+FFFD here and exact in `rawArgs`. */
  readonly args: readonly string[];
  readonly rawArgs: readonly Uint8Array[];
  /** The user's environment as it came: NUL-ended NAME=value strings. */
  readonly environment: Uint8Array;
  /** The first value of a variable in it. */
  readonly env: (name: string) => string | undefined;
  /** Bit n set: standard descriptor n was closed; it is /dev/null now. */
  readonly closed: number;
  /** Descriptors from 3 on that were open. */
  readonly inherited: readonly number[];
  /** Bit n-1 set: signal n was ignored, or blocked. */
  readonly ignoredSignals: bigint;
  readonly blockedSignals: bigint;
  /** Soft resource limits by resource number. */
  readonly limits: readonly bigint[];
}

/** Where only root gives names. */
const rootsFolders: readonly string[] = ["/usr/bin/", "/bin/"];

/**
 * The name whose configuration counts. argv[0] is its caller's choice, so an installed recorder goes by the path executed,
 * and by that only where the administrator put it: SSSD's /usr/bin/tlog-rec-session is tlog's recorder, a user's link is ours.
 */
export function callName({ isInstalled, executed, argv0 }: Launch): string {
  if (!isInstalled) return argv0;
  const folder = executed.slice(0, executed.lastIndexOf("/") + 1);
  return rootsFolders.includes(folder) ? executed : "rec-session";
}

const newline = 10;
/** Bits of the seventh line. */
const installed = 1;
const privileged = 2;

/** Takes the description from the descriptor that the launcher named in argv[2], and closes it. */
export function readLaunch(argv: readonly string[] = process.argv): Launch {
  const descriptor = Number(argv[2]);
  let description: Buffer;
  try {
    description = readFileSync(descriptor);
    closeSync(descriptor);
  } catch (cause) {
    throw new RecError("REC_LAUNCH", { what: "the launcher's description of the session" }, cause);
  }
  return parseLaunch(description);
}

/** Seven lines (argument count, closed, ignored, blocked, limits, descriptors, rights), then NUL-ended: the path executed, arguments, environment. */
export function parseLaunch(description: Uint8Array): Launch {
  const bytes = Buffer.from(description.buffer, description.byteOffset, description.byteLength);
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf(newline, at);
    const text = bytes.toString("latin1", at, end);
    at = end + 1;
    return text;
  };
  const count = Number(line());
  const closed = Number(line());
  const ignoredSignals = BigInt(`0x${line()}`);
  const blockedSignals = BigInt(`0x${line()}`);
  const limits = words(line()).map(BigInt);
  const inherited = words(line()).map(Number);
  const rights = Number(line());
  const string = (): Buffer => {
    const end = bytes.indexOf(0, at);
    const text = bytes.subarray(at, end);
    at = end + 1;
    return text;
  };
  const executed = string().toString();
  const [argv0 = Buffer.alloc(0), ...rawArgs] = Array.from({ length: count }, string);
  const environment = bytes.subarray(at);
  return {
    executed,
    isInstalled: (rights & installed) !== 0,
    isPrivileged: (rights & privileged) !== 0,
    argv0: argv0.toString(),
    args: rawArgs.map((argument) => argument.toString()),
    rawArgs,
    environment,
    env: (name) => variable(environment, name)?.toString(),
    closed,
    inherited,
    ignoredSignals,
    blockedSignals,
    limits,
  };
}

function words(line: string): string[] {
  return line.split(" ").filter((word) => word !== "");
}
