/** The conclusion: what was not as it should be in what was read of a recording, and the exit status that says so. */
import { RecError } from "./errors.ts";
import type { OpenedRecording } from "./opened.ts";
import type { Source } from "./source.ts";

/** How many ids of recordings that were passed over are told. */
const maxListed = 5;

export interface Conclusion {
  readonly sentences: readonly string[];
  /** 3 where the recording is not whole, or not its recorder's. */
  readonly status: 0 | 3;
}

/**
 * Throws what tells why there was nothing to play, when the items are all taken and none was a recording's: REC_RECORDING_UNKNOWN,
 * REC_RECORDING_EMPTY or REC_RECORDING_FORMAT.
 */
export function checkPlayable({ name, wanted: id }: Source, { selection, report }: OpenedRecording): void {
  if (report.isPlayable) return;
  if (id !== undefined && selection.rec === null) throw new RecError("REC_RECORDING_UNKNOWN", { id, place: name });
  if (report.why === null) throw new RecError("REC_RECORDING_EMPTY", { path: name });
  throw new RecError("REC_RECORDING_FORMAT", { path: name, why: report.why });
}

/** Throws as `checkPlayable`. */
export function conclude(source: Source, opened: OpenedRecording): Conclusion {
  checkPlayable(source, opened);
  const { name } = source;
  const { selection, provenance, report, attribution } = opened;
  const sentences = report.lines.map((line) => `${name}: ${line}`);
  if (provenance.isNamed === false)
    sentences.push(`${name}: not the process that the recording's ID names wrote it: see --info for who did`);
  const lie = attribution?.lie ?? null;
  if (lie !== null) sentences.push(`${name}: ${lie}`);
  const { others } = selection;
  if (others.length > 0) {
    const more = others.length > maxListed ? " ..." : "";
    const what = others.length === 1 ? "the other" : `one of the ${others.length} others`;
    const ids = `${others.slice(0, maxListed).join(" ")}${more}`;
    sentences.push(`${name}: only the recording ${selection.rec} was played; --file-match chooses ${what}: ${ids}`);
  }
  return { sentences, status: isForeign(opened) ? 3 : report.status };
}

/** Whether somebody else than the recording says wrote it, as far as its medium tells. */
export function isForeign({ provenance, attribution }: OpenedRecording): boolean {
  return provenance.isNamed === false || (attribution?.lie ?? null) !== null;
}
