/** What the last recording says of the next one. */
import { decide, type Finding, problem, warning, well } from "./finding.ts";

/** As the catalog tells it. */
export interface LastRecording {
  readonly rec: string;
  readonly startedMs: number | null;
  readonly state: "complete" | "running" | "incomplete" | "unended";
  /** The folder that it is in because the journal did not take it; null where it is as it was configured. */
  readonly instead: string | null;
}

/** Clocks of two hosts differ; that much says nothing. */
const toleratedMs = 60_000;

/** `date` in words of the user's time zone. */
export function lastRecordingFindings(
  user: string,
  last: LastRecording | undefined,
  nowMs: number,
  date: (ms: number) => string,
): Finding[] {
  if (last === undefined) {
    return [
      warning(
        `there is no recording of ${user} yet`,
        decide("at the next login", `that is ${user}'s to do; then this can be seen: recctl doctor --user ${user}`),
      ),
    ];
  }
  const { rec, startedMs, state, instead } = last;
  const when = startedMs === null ? "at an unknown time" : date(startedMs);
  const what = `the last recording of ${user}, ${rec}, began ${when}`;
  const findings =
    state === "incomplete"
      ? [
          warning(
            `${what} and has no end: its recorder was killed, or its messages are lost`,
            decide(
              "what is lost",
              `no command brings it back; what is there: rec-play --info ${instead === null ? "-M " : ""}${rec}`,
            ),
          ),
        ]
      : [well(`${what} and is ${state}`)];
  if (instead !== null) {
    findings.push(
      warning(
        `${what}, and is in ${instead}: the journal did not take it`,
        decide(instead, "it is kept there, and nothing puts it into the journal; why: journalctl -u systemd-journald"),
      ),
    );
  }
  if (startedMs !== null && startedMs > nowMs + toleratedMs) {
    findings.push(problem(`${what}, which is in the future: the clock was set back`, "timedatectl set-ntp true"));
  }
  return findings;
}
