/** The picture: what of the playing the auditor is shown. */
import type { Highlight, Screen } from "./draw/compose.ts";
import type { Status } from "./draw/status.ts";
import { countGaps } from "./nearest-mark.ts";
import type { Playing } from "./playing.ts";

export interface Picture {
  readonly screen: Screen & { readonly hasWindow: boolean };
  readonly status: Omit<Status, "part">;
  /** What was typed of late, safe to print; null when it is not shown. */
  readonly typed: string | null;
  readonly highlights: readonly Highlight[];
  readonly isHelpShown: boolean;
}

/** `keys`: those of a command that is not whole yet. */
export function pictureOf(playing: Playing, keys: string, showsInput: boolean): Picture {
  const { timeline, aimMs, notice, highlights } = playing.navigation;
  const { head } = timeline;
  return {
    screen: playing.deck.emulator,
    status: {
      state: stateOf(playing),
      notice: keys === "" ? notice : keys,
      atMs: aimMs ?? playing.shownMs,
      lengthMs: timeline.lengthMs,
      isOpen: !timeline.isComplete,
      isPaused: playing.pace.isPaused,
      startedMs: head?.startedMs ?? null,
      isWallClock: playing.isWallClock,
      speedRatio: playing.pace.speedRatio,
      idleLimitMs: playing.idleLimitMs === Number.POSITIVE_INFINITY ? null : playing.idleLimitMs,
      who: head === null ? "" : `${head.user}@${head.host}`,
      gaps: countGaps(timeline.marks),
      isInexact: playing.deck.emulator.omitted > 0,
    },
    typed: showsInput ? playing.typed.text : null,
    highlights,
    isHelpShown: playing.isHelpShown,
  };
}

function stateOf({ navigation: { doing, timeline }, pace, deck, isFollowing, isStalled }: Playing): string {
  // What comes but once does not tell how much of it is still to come.
  const isTold = !timeline.isComplete && timeline.progressRatio > 0;
  if (doing !== null) return isTold ? `${doing}, ${Math.floor(timeline.progressRatio * 100)}% is known` : doing;
  if (pace.isPaused) return deck.next === null ? "end" : "paused";
  return isFollowing && isStalled ? "following" : "playing";
}
