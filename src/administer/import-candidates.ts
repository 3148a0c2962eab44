/** What there is to import: the files of a command line, each with what belongs to it. */
import { statSync } from "node:fs";
import { RecError } from "../errors.ts";
import { findSource } from "../finding.ts";
import type { Item } from "../format/item.ts";
import { Bytes } from "../import/bytes.ts";
import type { Detected } from "../import/detect.ts";
import { importName } from "../import/identity.ts";
import type { ImportFormat } from "../import/importer.ts";
import type { ImportItem } from "../import/item.ts";
import { importItems } from "../import/messages.ts";
import { type Advance, detectFile } from "../import/open.ts";
import type { ImportSource } from "../import/source.ts";
import { type ForeignParts, itemsOf, openForeign, sizeOfForeign, strayTiming } from "../importing.ts";
import { OpenedRecording } from "../opened.ts";
import { printable } from "../printable.ts";
import type { Source } from "../source.ts";
import type { Context } from "./context.ts";
import { inputName, keepInput } from "./kept-input.ts";

/** To the end that the medium has now. */
const reading = { isFollowing: false, keepsEntries: false } as const;

/** One recording to be. */
export interface Candidate {
  /** Name, for people and for the recording. */
  readonly file: string;
  /** The path, safe to print. */
  readonly printable: string;
  readonly source: ImportSource;
  readonly bytes: number;
  /** Called as it is read. */
  advance: Advance;
  items(): AsyncIterable<ImportItem>;
}

interface Wishes {
  readonly format: ImportFormat | "tlog" | undefined;
  readonly timing: string | undefined;
  readonly input: string | undefined;
  readonly match: string | undefined;
}

interface Named {
  /** For people, and for the recording. */
  readonly name: string;
  readonly path: string;
  readonly format: Detected | "tlog";
  /** Of a typescript. */
  timing?: string;
  /** A timing that went with a typescript. */
  isTaken?: true;
}

/** What cannot be imported at all is handed to `refuse`, and the others go on. */
export async function candidatesOf(
  context: Context,
  wishes: Wishes,
  paths: readonly string[],
  refuse: (error: RecError) => void,
): Promise<Candidate[]> {
  const named: Named[] = [];
  const candidates: Candidate[] = [];
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof RecError)) throw error;
      refuse(error);
    }
  };
  if (paths.filter((path) => path === "-").length > 1) {
    throw new RecError("REC_USAGE", { what: "standard input (-) can be imported once" });
  }
  for (const given of paths) {
    await attempt(async () => {
      const path = given === "-" ? await keepInput(context.environment("TMPDIR") ?? "/var/tmp") : given;
      const name = given === "-" ? inputName : given;
      if (given === "-" && wishes.format === "sudo")
        throw new RecError("REC_IMPORT", { file: name, why: "a log of sudo is a folder" });
      const format = wishes.format ?? (await detectFile(path));
      if (format === null && statSync(path).isDirectory()) {
        throw new RecError("REC_IMPORT", { file: name, why: "it is a folder, and no log of sudo: name what is in it" });
      }
      named.push({ name, path, format });
    });
  }
  if (wishes.timing === undefined) joinTimings(named);
  for (const one of named) {
    if (!one.isTaken) await attempt(async () => candidates.push(await candidateOf(context, wishes, one)));
  }
  return candidates;
}

/** Each timing goes with the typescript before it, or else with the one after it. */
function joinTimings(named: readonly Named[]): void {
  for (const [index, timing] of named.entries()) {
    if (timing.format !== "timing") continue;
    const beside = [named[index - 1], named[index + 1]].find(
      (one) => one?.format === "script" && one.timing === undefined,
    );
    if (beside === undefined) continue;
    beside.timing = timing.path;
    timing.isTaken = true;
  }
}

async function candidateOf(context: Context, wishes: Wishes, named: Named): Promise<Candidate> {
  const { name, format, timing } = named;
  if (format === "timing") throw strayTiming(name);
  if (format === null || format === "tlog") return await ofMessages(context, named, wishes.match);
  return await ofForeign(named, format, { timing: timing ?? wishes.timing, input: wishes.input });
}

async function ofForeign({ name, path }: Named, format: ImportFormat, parts: ForeignParts): Promise<Candidate> {
  const bytes = await sizeOfForeign(path, parts);
  const foreign = openForeign(path, format, parts, (count) => candidate.advance(count));
  const candidate: Candidate = {
    file: importName(name),
    printable: printable(name),
    source: foreign.source,
    bytes,
    advance: () => {},
    items: () => itemsOf(foreign),
  };
  return candidate;
}

/** Messages of tlog or of ours, in a medium of any kind. */
async function ofMessages(context: Context, { name, path }: Named, match: string | undefined): Promise<Candidate> {
  const source = await findSource(
    { "file.path": path, "file.match": match, follow: false } as Parameters<typeof findSource>[0],
    [],
    context.environment,
  );
  const candidate: Candidate = {
    file: importName(name),
    printable: printable(name),
    source: linesAsSource(source),
    bytes: 0,
    advance: () => {},
    items: () => importItems(itemsIn(context, source)),
  };
  return candidate;
}

async function* itemsIn(context: Context, source: Source): AsyncGenerator<Iterable<Item>> {
  const opened = await OpenedRecording.open(source, reading);
  try {
    yield* opened.items;
  } finally {
    await opened.close();
  }
  const { others, rec } = opened.selection;
  if (others.length === 0) return;
  context.tell(
    `${source.name}: of ${others.length + 1} recordings only ${rec} was imported: --file-match chooses another`,
  );
}

/** The messages as they stand in the medium, so that an ID can be made of them. */
function linesAsSource(source: Source): ImportSource {
  return {
    parts: [source.wanted ?? ""],
    async open() {
      return new Bytes(linesOf(source));
    },
  };
}

async function* linesOf(source: Source): AsyncGenerator<Uint8Array> {
  const reader = await source.open(reading);
  try {
    for await (const { text } of reader.lines()) yield Buffer.from(`${text}\n`);
  } finally {
    await reader.close();
  }
}
