/** What both ways of playing have in common: what is played, the clock, the auditor's terminal. */
import { monotonicMs } from "./clock.ts";
import type { Settings } from "./config/options.ts";
import type { Item } from "./format/item.ts";
import type { Moments } from "./moments.ts";
import { handleInterruption } from "./play/interruption.ts";
import type { Clock } from "./play/player.ts";
import { Terminal } from "./play/terminal.ts";
import type { Launch } from "./session/launch.ts";
import { native } from "./terminal/native.ts";
import type { RecordingFile } from "./timeline.ts";

export type PlaySettings = Settings<"rec-play">;

export interface Playable {
  readonly items: AsyncIterable<Iterable<Item>>;
  readonly moments: Moments;
  /** Opens the recording again, to wait at its end for more; null where it comes but once. */
  readonly follow: (() => Promise<AsyncIterable<Iterable<Item>>>) | null;
  readonly isStandardInput: boolean;
  /** Where it is, if it is in a file and is not followed. */
  readonly file: RecordingFile | null;
}

/** A terminal that takes nothing keeps who quits no longer than this. */
export const partingMs = 500;
export const clock: Clock = {
  now: monotonicMs,
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

export function temporaryFolder(launch: Launch): string {
  return launch.env("TMPDIR") || "/var/tmp";
}

export function idleLimitOf(settings: PlaySettings): number {
  return (settings["idle.limit"] ?? Number.POSITIVE_INFINITY) * 1000;
}

interface Handlers {
  readonly fd: number;
  readonly onKey: (key: string) => void;
  readonly onEnter: () => void;
  readonly onLeave: (fd: number) => void;
}

export function openTerminal(launch: Launch, settings: PlaySettings, handlers: Handlers): Terminal {
  const terminal = new Terminal({ ...handlers, native, isPersistent: settings.persist, now: monotonicMs });
  handleInterruption(terminal, native, launch.ignoredSignals);
  terminal.enter();
  return terminal;
}
