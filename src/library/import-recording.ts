/** Import: a recording of another program as messages of ours. */
import { RecError } from "../errors.ts";
import type { FileNotice } from "../export/notice.ts";
import { importId } from "../import/identity.ts";
import { importedMessages } from "../import/recording.ts";
import { findForeign, itemsOf } from "../importing.ts";

/** What may be asked of an import. */
export interface ImportOptions {
  /** The id that the recording gets; without it, `import-` and a hash of the content: the same again has the same. */
  readonly rec?: string;
  /** Path of the timing of a typescript of script. */
  readonly timing?: string;
  /** Path of what was typed, as `script --log-in` wrote it. */
  readonly input?: string;
  /** When it is imported, milliseconds since the epoch, which the recording tells; the present without it. */
  readonly nowMs?: number;
  /** Told what a recording cannot hold, in a sentence each. */
  readonly notice?: FileNotice;
}

/**
 * The messages of an ordinary recording, one JSON object and a newline each, made of a file or folder of another program: asciicast
 * (versions 1 to 3), ttyrec, a typescript, a folder of sudo's I/O log; gzip-compressed files too. It tells what it was imported from, and
 * what the source does not tell is not made up. Places that cannot be used are passed over and told in its end (`bad`).
 *
 * Throws RecError: REC_FILE_READ, and REC_IMPORT where there is nothing to import; recordings of ours and of tlog are opened, not imported.
 *
 * @example
 * await writeFile("demo.jsonl", importRecording("demo.cast"));
 */
export async function* importRecording(
  path: string,
  options: ImportOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { timing, input, nowMs = Date.now(), notice = () => {} } = options;
  const foreign = await findForeign(path, { timing, input });
  if (foreign === null) {
    throw new RecError("REC_IMPORT", { file: path, why: "it is no recording of another program that is known" });
  }
  const rec = options.rec ?? (await importId(foreign.source));
  const decoder = new TextDecoder();
  for await (const { line } of importedMessages(itemsOf(foreign), { rec, file: foreign.file, atMs: nowMs, notice })) {
    yield decoder.decode(line);
  }
}
