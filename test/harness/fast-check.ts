/** fast-check with one seed: a run tells of a change, not of its luck. REC_SEED tries others. */
import fc from "fast-check";

/** For chance that is not fast-check's, too. */
export const seed = Number(process.env["REC_SEED"] ?? 1);
fc.configureGlobal({ seed });

export { fc };
