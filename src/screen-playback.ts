/** Playback on a screen: the emulator's, drawn on the auditor's terminal, so that no byte of the recording reaches that. */
import { formatDate } from "./catalog/date.ts";
import { playKeys } from "./config/play-keys.ts";
import { RecError } from "./errors.ts";
import { Display } from "./play/display.ts";
import { lastScreen } from "./play/draw/last-screen.ts";
import { Scene } from "./play/scene.ts";
import { ScreenPlayer } from "./play/screen-player.ts";
import {
  clock,
  idleLimitOf,
  openTerminal,
  type Playable,
  type PlaySettings,
  partingMs,
  temporaryFolder,
} from "./playable.ts";
import { fromStart } from "./resolved-moments.ts";
import type { Launch } from "./session/launch.ts";
import { native } from "./terminal/native.ts";
import { openFileTimeline, openTimeline } from "./timeline.ts";

/** Plays until the end, or until the auditor leaves; the last screen is left on the terminal. */
export async function playOnScreen(
  launch: Launch,
  settings: PlaySettings,
  playable: Playable,
  keyboard: number | null,
): Promise<void> {
  const kind = launch.env("TERM") ?? "";
  if (kind === "dumb") throw new RecError("REC_TERMINAL", { what: "nothing can be drawn on it", why: "TERM is dumb" });
  const folder = temporaryFolder(launch);
  const ofFile = playable.file === null ? null : await openFileTimeline(playable.file);
  const first = ofFile ?? openTimeline(playable.items, folder);
  const opened = [first];
  const display = new Display({ native, fd: 1, kind, onReady: () => scene.change() });
  const scene = sceneOn(display, settings);
  const follow = playable.follow;
  const player = new ScreenPlayer({
    timeline: first.timeline,
    scene,
    clock,
    untilMs: await fromStart(first.timeline, playable.moments.untilMs ?? Number.POSITIVE_INFINITY),
    speedRatio: settings.speed,
    // Without keys nobody could ever let it go on.
    isPaused: settings.paused && keyboard !== null,
    idleLimitMs: idleLimitOf(settings),
    isPersistent: settings.persist,
    isFollowing: settings.follow,
    showsInput: settings.input,
    follow:
      follow === null
        ? null
        : async () => {
            const other = openTimeline(await follow(), folder);
            opened.push(other);
            return other.timeline;
          },
  });
  begin(player, playable);
  const giveBack = takeTerminal(launch, settings, { keyboard, display, scene, player });
  let isEnded = false;
  try {
    isEnded = await player.play();
    // What is missing in it is told at the end, wherever one went.
    await (isEnded ? first.built : first.begun);
  } finally {
    scene.stop();
    giveBack();
    await parting(display, isEnded);
    for (const { close } of opened) close();
  }
}

function sceneOn(display: Display, settings: PlaySettings): Scene {
  return new Scene({
    display,
    clock,
    keys: playKeys,
    hasStatus: !settings["no-status"],
    isResizing: settings.resize,
    formatDate,
  });
}

function begin({ navigation }: ScreenPlayer, { moments: { startMs, words } }: Playable): void {
  if (words !== null) navigation.startAt(words);
  else if (startMs !== null) navigation.goToTime(startMs);
}

interface Parts {
  readonly keyboard: number | null;
  readonly display: Display;
  readonly scene: Scene;
  readonly player: ScreenPlayer;
}

/** Returns what gives the terminal back, with the last screen on it. */
function takeTerminal(launch: Launch, settings: PlaySettings, { keyboard, display, scene, player }: Parts): () => void {
  const onEnter = (): void => {
    display.open();
    scene.change();
  };
  const onLeave = (): void => display.close("");
  process.on("SIGWINCH", () => {
    display.measure();
    scene.change();
  });
  process.once("uncaughtExceptionMonitor", onLeave);
  if (keyboard === null) onEnter();
  const onKey = (key: string): void => player.press(key);
  const terminal = keyboard === null ? null : openTerminal(launch, settings, { fd: keyboard, onKey, onEnter, onLeave });
  return () => {
    display.close(lastScreen(player.screen));
    terminal?.close();
  };
}

async function parting(display: Display, isEnded: boolean): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const cancel = isEnded ? () => {} : clock.schedule(partingMs, timer.resolve);
  await Promise.race([display.drained(), timer.promise]);
  cancel();
  display.destroy();
}
