/** asciicast version 1: one JSON object, whose field "stdout" holds an array of [delay, text], after all others. */
import { AsciicastEvents } from "./asciicast-event.ts";
import { headOf, parseJson } from "./asciicast-header.ts";
import { type Element, EventArray } from "./event-array.ts";
import type { ImportItem } from "./item.ts";
import type { ImportSource } from "./source.ts";

export async function* importAsciicastV1(source: ImportSource): AsyncGenerator<ImportItem> {
  const bytes = await source.open("");
  if (bytes === null) return;
  const array = new EventArray("stdout");
  const events = new AsciicastEvents(true);
  let hasHead = false;
  for (let chunk = await bytes.next(); chunk !== null; chunk = await bytes.next()) {
    for (const element of array.push(chunk)) {
      if (element.kind !== "event" && hasHead) {
        yield { kind: "bad", place: element.place, reason: "the events are no array of arrays" };
        break;
      }
      if (element.kind === "event") {
        yield* events.take(eventOf(element), element.place);
        continue;
      }
      const head = element.kind === "head" ? headOf(parseJson(element.text)) : null;
      if (head === null) {
        yield { kind: "bad", place: "line 1", reason: "no header of asciicast version 1 comes before its events" };
        return;
      }
      hasHead = true;
      yield head;
    }
    if (array.isBroken) break;
  }
  if (!hasHead) yield { kind: "bad", place: "the end", reason: "there was no field stdout" };
  else if (!array.isEnded) yield { kind: "bad", place: "the end", reason: "the array of events is not whole" };
  yield* events.finish();
}

/** As an event of the later versions; anything else is left as it is, to be told. */
function eventOf({ text }: Element): unknown {
  const value = parseJson(text);
  return Array.isArray(value) && value.length === 2 ? [value[0], "o", value[1]] : value;
}
