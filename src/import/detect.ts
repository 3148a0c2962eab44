/** Detection: by its first bytes, of which other program's format a file is. */
import type { ImportFormat } from "./importer.ts";
import { parseTimingLine } from "./script-timing.ts";
import { parseFrame } from "./ttyrec.ts";

/** So many first bytes decide, fewer in a shorter file. */
export const headBytes = 64 * 1024;
/** Frames of ttyrec hold what one read of a terminal gave. */
const maxFrameBytes = 1024 * 1024;

/** "timing" is script's, which goes with a typescript. Null for anything else: it may hold messages. */
export type Detected = ImportFormat | "timing" | null;

export function detectImport(head: Buffer): Detected {
  const text = head.toString("latin1");
  if (/^\s*\{\s*"version"\s*:\s*[23]\b/.test(text)) return "asciicast";
  if (/^\s*\{\s*"version"\s*:\s*1\b/.test(text)) return "asciicast-v1";
  // Fields of a JSON object may come in any order, but a header of the later versions is one line.
  if (/^\s*\{/.test(text)) return laterVersion(text);
  if (text.startsWith("Script started on ")) return "script";
  if (isTiming(text)) return "timing";
  return isTtyrec(head) ? "ttyrec" : null;
}

function laterVersion(text: string): Detected {
  const [line = ""] = text.trimStart().split("\n", 1);
  return /"version"\s*:\s*[23]\b/.test(line) && /"(?:width|term)"\s*:/.test(line) ? "asciicast" : null;
}

function isTiming(text: string): boolean {
  const [line = ""] = text.split("\n", 1);
  return parseTimingLine(line) !== null;
}

/** Frame after frame, as far as can be seen: text is none, as its bytes make more than a million microseconds. */
function isTtyrec(head: Buffer): boolean {
  let at = 0;
  let hasShown = false;
  while (at + 12 <= head.length) {
    const frame = parseFrame(head.subarray(at, at + 12));
    if (frame === null || frame.length > maxFrameBytes) return false;
    // A power cut may leave a file of zeros, which are frames of nothing.
    hasShown ||= frame.length > 0;
    at += 12 + frame.length;
  }
  return hasShown;
}
