/** Playback: the player between a recording's items, the standard output and the auditor's terminal. */
import { isatty } from "node:tty";
import type { Settings } from "./config/options.ts";
import type { Item } from "./format/item.ts";
import { handleInterruption } from "./play/interruption.ts";
import { type Clock, Player } from "./play/player.ts";
import { openSink, type Sink } from "./play/sink.ts";
import { findKeyboard, Terminal } from "./play/terminal.ts";
import type { Launch } from "./session/launch.ts";
import { native } from "./terminal/native.ts";

type PlaySettings = Settings<"rec-play">;

/** A terminal that takes nothing keeps who quits no longer than this. */
const partingMs = 500;

const clock: Clock = {
  now: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

/** Plays the items at their time, from that moment on, until they end or the auditor leaves. */
export async function play(
  launch: Launch,
  settings: PlaySettings,
  items: AsyncIterable<Iterable<Item>>,
  gotoMs: number | null,
  isStandardInput: boolean,
): Promise<void> {
  // Where the output goes elsewhere, the terminal's keys are another program's: `rec-play | less`.
  const keyboard = isatty(1) ? findKeyboard(isStandardInput) : null;
  let failure: Error | null = null;
  const sink = openSink(1, (error) => {
    failure = error;
    player.quit();
  });
  const player = new Player({
    output: sink,
    clock,
    gotoMs,
    speedRatio: settings.speed,
    // Without keys nobody could ever let it go on.
    isPaused: settings.paused && keyboard !== null,
    idleLimitMs: (settings["idle.limit"] ?? Number.POSITIVE_INFINITY) * 1000,
    isPersistent: settings.persist,
    isFollowing: settings.follow,
  });
  const terminal = keyboard === null ? null : openTerminal(keyboard, player, settings.persist, launch.ignoredSignals);
  try {
    const isEnded = await player.play(items);
    await parting(sink, isEnded);
  } finally {
    terminal?.close();
  }
  if (failure !== null) throw failure;
}

function openTerminal(fd: number, player: Player, isPersistent: boolean, ignoredSignals: bigint): Terminal {
  const terminal = new Terminal({
    native,
    fd,
    isPersistent,
    now: clock.now,
    onKey: (key) => player.press(key),
  });
  handleInterruption(terminal, native, ignoredSignals);
  terminal.enter();
  return terminal;
}

async function parting(sink: Sink, isEnded: boolean): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const cancel = isEnded ? () => {} : clock.schedule(partingMs, timer.resolve);
  await Promise.race([sink.close(), timer.promise]);
  cancel();
}
