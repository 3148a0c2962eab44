/** Waits for a daemon to come to its senses. */
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../clock.ts";

const patienceMs = 20_000;
const pauseMs = 200;

/** Asks again until the answer is undefined, 20 s are over, or nobody waits: the last answer. */
export async function eventually(
  ask: () => Promise<string | undefined>,
  isStopped: () => boolean,
): Promise<string | undefined> {
  const deadlineMs = monotonicMs() + patienceMs;
  for (;;) {
    const why = await ask();
    if (why === undefined || isStopped() || monotonicMs() > deadlineMs) return why;
    await sleep(pauseMs);
  }
}
