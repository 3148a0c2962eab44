/** A recorded session from its first message to its last: what rec and rec-session have in common. */
import { constants } from "node:os";
import { report } from "./cli.ts";
import { monotonicMs, monotonicOriginMs } from "./clock.ts";
import { RecError } from "./errors.ts";
import { exempting } from "./exempting.ts";
import type { Identity } from "./format/message.ts";
import {
  type MediaOptions,
  type OpenMedium,
  openInstead,
  openMedia,
  payloadOf,
  type RecorderSettings,
  rateLimit,
} from "./media.ts";
import type { Launch } from "./session/launch.ts";
import { Tap, type TapOptions } from "./tap/tap.ts";
import type { Program } from "./terminal/child.ts";
import { LiveSession } from "./terminal/live-session.ts";
import type { Native } from "./terminal/native.ts";
import { type Ending, Relay } from "./terminal/relay.ts";
import { Signals } from "./terminal/signals.ts";
import { Timers } from "./timers.ts";
import { UtmpEntry } from "./utmp.ts";

export interface Recording {
  readonly name: string;
  readonly native: Native;
  readonly launch: Launch;
  readonly identity: Identity;
  readonly settings: RecorderSettings;
  /** Where the folder writer puts its files when the configuration does not say. */
  readonly folder: string | null;
  readonly program: Pick<Program, "paths" | "args" | "environment">;
  /** A login session: its user is not trusted with a way past the recorder. */
  readonly isLogin: boolean;
  /** Nobody reads stdin after this session. */
  readonly ownsStdin: boolean;
  /** Programs whose transfers of files are not recorded. */
  readonly transferPrograms: readonly string[];
  /** Tells what went wrong with the recording, and the session goes on; and what ends it. */
  readonly warn: (text: string) => void;
  readonly fail: (text: string) => void;
  /** Told to a person at the terminal before the program starts. */
  readonly notice: string;
  /** Told to a person at the terminal when the recording is whole. */
  readonly farewell: (media: readonly OpenMedium[]) => string;
}

const timers = new Timers(monotonicMs);

/** Runs and records the program, and ends this process as the program ended. */
export async function record(recording: Recording): Promise<never> {
  const { native, name } = recording;
  try {
    const ending = await recordToEnd(recording);
    const signal = ending.toldBy ?? ending.signal;
    if (signal !== null) return native.endBy(signal);
    return native.exitNow(ending.exit ?? 1);
  } catch (error) {
    native.leaveRaw();
    const isDebugging = recording.launch.env("REC_DEBUG") !== undefined;
    return native.exitNow(report(name, error, recording.fail, isDebugging));
  }
}

async function recordToEnd(recording: Recording): Promise<Ending> {
  const { native, launch, settings, identity } = recording;
  // The recorder holds the terminal that sshd or login made, so w shows it: as the user's shell, and yet to be found by grep.
  if (recording.isLogin) process.title = `${recording.program.args[0]} (${recording.name})`;
  // What ps and journald's _COMM show; node's own would be "MainThread".
  native.setName(Buffer.from(`${recording.name}\0`));
  // 1 MB that each session would hold to its end.
  native.freeLockTable();
  const records = {
    input: settings["log.input"],
    output: settings["log.output"],
    ownsStdin: recording.ownsStdin,
  };
  // Before the media: where no terminal is to be had, no empty file is left in the recordings folder.
  const session = new LiveSession(native, launch.closed, records);
  const { terminal } = session;
  const mediaOptions: MediaOptions = {
    ...recording,
    clock: monotonicMs,
    timers,
    warn: (error, instead) => complain(recording, error, instead),
  };
  const media = openMedia(mediaOptions);
  const instead: TapOptions["instead"] = (failure) => {
    const medium = openInstead(media, mediaOptions);
    if (medium !== undefined) complain(recording, failure, medium.name);
    return medium?.writer;
  };
  const tap = new Tap(identity, media, { ...tapOptions(recording, media), instead });
  await tap.start({
    command: recording.program.args.map(String),
    cwd: currentFolder(),
    tty: terminal?.path ?? null,
    peer: launch.env("SSH_CONNECTION") ?? null,
  });
  const isSeen = terminal !== undefined && native.isTerminal(2) === 1;
  if (isSeen) tell(native, recording.notice);
  const ending = await live(recording, session, tap);
  const signal = ending.signal === null ? null : signalName(ending.signal);
  for (const failure of await tap.end({ exit: ending.exit, signal })) complain(recording, failure);
  if (isSeen) tell(native, recording.farewell(media));
  return ending;
}

/** The session itself; the terminal is raw only in here. */
async function live(recording: Recording, session: LiveSession, tap: Tap): Promise<Ending> {
  const { native, launch, program, isLogin, transferPrograms } = recording;
  const { terminal, pty } = session;
  const isNamed = isLogin && terminal !== undefined && pty !== undefined;
  const isHeld = isLogin && terminal?.isOpenToUser === true;
  const utmp = isNamed ? new UtmpEntry(native, terminal.standard, pty.slave) : undefined;
  try {
    const signals = new Signals(native, launch.ignoredSignals);
    session.resize((columns, rows) => tap.window(columns, rows, monotonicMs()));
    if (terminal?.isForeground) terminal.enterRaw();
    if (isHeld) terminal.isExclusive = true;
    native.hide();
    utmp?.settle();
    const { ignoredSignals, blockedSignals, limits } = launch;
    // A login has none; what a recorded user would hand himself could be his terminal.
    const inherited = isLogin ? [] : launch.inherited;
    const isTransfer = session.pty === undefined && transferPrograms.length > 0;
    // Before anything can become an orphan: one that went to another would not be seen among what runs in the session.
    if (isTransfer) native.adoptOrphans();
    const child = session.start({
      ...program,
      inherited,
      ignoredSignals,
      blockedSignals,
      limits,
      diesWithRecorder: isLogin,
    });
    const exempted = { child: child.pid, stdin: session.stdin, stdout: session.stdout, programs: transferPrograms };
    const exempt = isTransfer ? exempting(native, tap, exempted) : undefined;
    const listener = exempt?.listener ?? tap;
    const { passage } = exempt ?? {};
    const ending = await new Relay({
      native,
      session,
      child,
      signals,
      listener,
      passage,
      clock: monotonicMs,
      timers,
    }).run();
    exempt?.end();
    return ending;
  } catch (error) {
    if (error instanceof RecError) await tap.end({ exit: error.status, signal: null });
    throw error;
  } finally {
    terminal?.leaveRaw();
    if (isHeld) terminal.isExclusive = false;
    utmp?.release();
  }
}

function tapOptions({ native, settings, identity }: Recording, media: readonly OpenMedium[]): TapOptions {
  return {
    logs: {
      input: settings["log.input"],
      output: settings["log.output"],
      window: settings["log.window"],
    },
    payloadBytes: payloadOf(settings, identity, media),
    latencyMs: settings.latency * 1000,
    bufferBytes: settings["buffer.bytes"],
    bufferPolicy: settings["buffer.policy"],
    admits: settings["limit.action"] === "drop" ? dropLimit(settings) : () => true,
    copyText: native.copyText,
    clock: monotonicMs,
    timers,
    wallOriginMs: monotonicOriginMs(),
  };
}

function dropLimit(settings: RecorderSettings): (bytes: number) => boolean {
  const limit = rateLimit(settings, monotonicMs);
  return (bytes) => limit.takes(bytes);
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    // Removed under our feet; the program starts there all the same.
    return "";
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `SIG${number}`;
}

function complain({ name, warn }: Recording, error: RecError, instead?: string): void {
  report(name, error, warn, false);
  if (instead !== undefined) warn(`${name}: recording to the ${instead} instead\n`);
}

/** For people: on stderr, or where else they asked for it; whether or not it is read. */
export function tell(native: Native, text: string, fd: 1 | 2 = 2): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    const written = native.write(fd, bytes, at, bytes.length - at);
    if (written <= 0) return;
    at += written;
  }
}
