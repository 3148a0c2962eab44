/** asciicast versions 2 and 3 (docs.asciinema.org/manual/asciicast): a header line, then one event a line. */
import { AsciicastEvents } from "./asciicast-event.ts";
import { headOf, parseJson } from "./asciicast-header.ts";
import type { ImportItem } from "./item.ts";
import type { ImportSource } from "./source.ts";

/** asciinema writes what one read of the terminal gave, some KiB. */
const maxEventBytes = 8 * 1024 * 1024;

export async function* importAsciicast(source: ImportSource): AsyncGenerator<ImportItem> {
  const bytes = await source.open("");
  if (bytes === null) return;
  let events: AsciicastEvents | null = null;
  for await (const { text, place, isWhole, trouble } of bytes.lines(maxEventBytes)) {
    // Version 3 allows comments.
    if (trouble === undefined && (text.trim() === "" || text.startsWith("#"))) continue;
    const value = trouble === undefined ? parseJson(text) : null;
    if (value === null) {
      yield { kind: "bad", place, reason: trouble ?? (isWhole ? "not JSON" : "the line is not whole") };
      if (events === null) return;
    } else if (events === null) {
      const head = headOf(value);
      if (head === null) {
        yield { kind: "bad", place, reason: "no header of asciicast version 2 or 3" };
        return;
      }
      yield head;
      events = new AsciicastEvents(head.format === "asciicast v3");
    } else {
      yield* events.take(value, place);
    }
  }
  if (events !== null) yield* events.finish();
}
