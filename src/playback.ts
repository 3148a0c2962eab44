/** Playback: a recording's items at their time, to a screen on the auditor's terminal or as bytes to the standard output. */
import { isatty } from "node:tty";
import { Player } from "./play/player.ts";
import { openSink, type Sink } from "./play/sink.ts";
import { findKeyboard } from "./play/terminal.ts";
import {
  clock,
  idleLimitOf,
  openTerminal,
  type Playable,
  type PlaySettings,
  partingMs,
  temporaryFolder,
} from "./playable.ts";
import type { Launch } from "./session/launch.ts";
import { native } from "./terminal/native.ts";

/** What a recording most often leaves behind: colours and a hidden cursor. */
const farewell = Buffer.from("\u001b[0m\u001b[?25h\r\n");

/** Plays until the end, or until the auditor leaves. */
export async function play(launch: Launch, settings: PlaySettings, playable: Playable): Promise<void> {
  // Where the output goes elsewhere, the terminal's keys are another program's: `rec-play | less`.
  const keyboard = isatty(1) ? findKeyboard(playable.isStandardInput) : null;
  if (isatty(1) && !settings["unsafe-raw"]) {
    const { playOnScreen } = await import("./screen-playback.ts");
    await playOnScreen(launch, settings, playable, keyboard);
  } else await playBytes(launch, settings, playable, keyboard);
}

async function playBytes(
  launch: Launch,
  settings: PlaySettings,
  playable: Playable,
  keyboard: number | null,
): Promise<void> {
  let failure: Error | null = null;
  const sink = openSink(1, (error) => {
    failure = error;
    player.quit();
  });
  const { items, startMs, untilMs, close } = await bounded(launch, playable);
  const player = new Player({
    output: sink,
    clock,
    gotoMs: startMs,
    untilMs,
    speedRatio: settings.speed,
    // Without keys nobody could ever let it go on.
    isPaused: settings.paused && keyboard !== null,
    idleLimitMs: idleLimitOf(settings),
    isPersistent: settings.persist,
    isFollowing: settings.follow,
  });
  const terminal =
    keyboard === null
      ? null
      : openTerminal(launch, settings, {
          fd: keyboard,
          onKey: (key) => player.press(key),
          onEnter: () => {},
          // Without waiting: a terminal that stopped taking must not keep us.
          onLeave: (fd) => native.write(fd, farewell, 0, farewell.length),
        });
  try {
    const isEnded = await player.play(items);
    await parting(sink, isEnded);
  } finally {
    terminal?.close();
    close();
  }
  if (failure !== null) throw failure;
}

/** Moments that only the whole recording tells are looked for before it is played. */
async function bounded(launch: Launch, { items, moments }: Playable) {
  const { startMs, untilMs, words } = moments;
  if ((startMs ?? 0) >= 0 && (untilMs ?? 0) >= 0 && words === null) {
    return { items, startMs, untilMs: untilMs ?? Number.POSITIVE_INFINITY, close: () => {} };
  }
  const { resolveMoments } = await import("./resolved-moments.ts");
  return await resolveMoments(items, moments, temporaryFolder(launch));
}

async function parting(sink: Sink, isEnded: boolean): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const cancel = isEnded ? () => {} : clock.schedule(partingMs, timer.resolve);
  await Promise.race([sink.close(), timer.promise]);
  cancel();
}
