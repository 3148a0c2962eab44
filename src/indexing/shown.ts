/** What a recording showed, read from where it is. */

import { findSource } from "../finding.ts";
import { OpenedRecording } from "../opened.ts";
import { type ShownLine, ShownText } from "../search/shown-text.ts";
import { nowhere, type SourceSettings } from "../source.ts";

export type Environment = (name: string) => string | undefined;

/** What a message brought. */
export interface Shown {
  readonly lines: readonly ShownLine[];
  /** So many bytes were shown by then. */
  readonly bytes: number;
}

/** Every line that was shown, message by message. Throws what finding and reading throw. */
export async function* readShown(
  settings: Partial<SourceSettings>,
  environment: Environment,
): AsyncGenerator<Shown, void, undefined> {
  const source = await findSource({ ...nowhere, ...settings }, [], environment);
  const recording = await OpenedRecording.open(source, { isFollowing: false, keepsEntries: false });
  let lines: ShownLine[] = [];
  const text = new ShownText((line) => lines.push(line));
  let bytes = 0;
  const shown = (): Shown => {
    const told = lines;
    lines = [];
    return { lines: told, bytes };
  };
  try {
    for await (const batch of recording.items) {
      const items = [...batch];
      text.takeAll(items);
      for (const item of items) if (item.kind === "output") bytes += item.bytes.length;
      yield shown();
    }
    text.finish();
    yield shown();
  } finally {
    await recording.close();
  }
}
