/** recctl import: recordings of other programs become ordinary ones, marked as what they are. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listFolder } from "../catalog/folder.ts";
import { formatRecordingName } from "../catalog/name.ts";
import { RecError, systemReason } from "../errors.ts";
import { importId } from "../import/identity.ts";
import { importFormats } from "../import/importer.ts";
import type { ImportHead, ImportItem } from "../import/item.ts";
import { importedMessages } from "../import/recording.ts";
import type { Context } from "./context.ts";
import { foldersOption, ownFolder } from "./folder-option.ts";
import { type Candidate, candidatesOf } from "./import-candidates.ts";
import { NewFile } from "./new-file.ts";
import { subcommand, type ValuesOf } from "./subcommand.ts";

const options = [
  {
    path: "format",
    type: { kind: "choice", choices: [...importFormats, "tlog"] },
    defaultText: "what its first bytes say",
    long: "format",
    placeholder: "NAME",
    help: "What FILE is, where that is not seen",
    details: "For versions 2 and 3 it is asciicast; tlog stands for messages in any medium.",
  },
  {
    path: "output",
    type: { kind: "string" },
    short: "o",
    long: "output",
    placeholder: "FILE",
    help: "Write the recording to FILE, not into the folder",
  },
  {
    path: "force",
    type: { kind: "flag" },
    long: "force",
    help: "Replace FILE",
  },
  {
    ...foldersOption,
    type: { kind: "string" },
    help: "Put the recordings into the folder DIR",
  },
  {
    path: "timing",
    type: { kind: "string" },
    long: "timing",
    placeholder: "FILE",
    help: "The timing of a typescript of script",
    details: "It may also stand beside its typescript, as another FILE of the command line.",
  },
  {
    path: "input",
    type: { kind: "string" },
    long: "log-in",
    placeholder: "FILE",
    help: "What was typed, as script's --log-in wrote it",
  },
  {
    path: "match",
    type: { kind: "string" },
    short: "m",
    long: "file-match",
    placeholder: "ID",
    help: "The recording ID of a file with several",
  },
] as const;

type Values = ValuesOf<typeof options>;

/** Where recordings go, and which are there. */
interface Target {
  readonly folder: string | null;
  readonly output: string | undefined;
  readonly isReplacing: boolean;
  readonly known: Set<string>;
}

export const importRecordings = subcommand({
  name: "import",
  operands: { usage: "FILE...", min: 1, max: Number.POSITIVE_INFINITY },
  summary: "make recordings of those of other programs",
  description: [
    "Makes an ordinary recording of each FILE: asciicast of asciinema (versions 1 to 3), ttyrec, a typescript of script with its timing, a folder of sudo's I/O log, or messages of tlog in any medium that rec-play reads; gzip-compressed files too; - is standard input, which is kept in a temporary file ($TMPDIR, else /var/tmp) meanwhile. Each is printed with its new ID. What a format does not tell is not made up: the recording says what that is, and that it was imported, when and from what.",
    "The ID is made of the content: the same again is not imported twice. docs/formats.md tells what each format keeps.",
  ],
  options,
  examples: [
    ["recctl import demo.cast", "an asciicast"],
    ["recctl import typescript timing", "what script recorded"],
    ["ssh host cat demo.cast | recctl import -", "from elsewhere"],
    ["recctl import /var/log/sudo-io/*/*/*", "what sudo logged"],
  ],
  exitStatus: [["3", "A recording was imported only in part: standard error says what is missing."]],
  async run(context, values, operands) {
    if (operands.length > 1 && values.timing !== undefined) throw onlyOne("--timing");
    let status = 0;
    const refuse = (error: RecError): void => {
      if (operands.length === 1) throw error;
      context.tell(error.message);
      status = 1;
    };
    const candidates = await candidatesOf(context, values, operands, refuse);
    if (values.output !== undefined && candidates.length > 1) throw onlyOne("--output");
    const target = await targetOf(context, values);
    for (const candidate of candidates) status = worse(status, await importOne(context, candidate, target, refuse));
    return status;
  },
});

function onlyOne(option: string): RecError {
  return new RecError("REC_USAGE", { what: `${option} goes with one recording` });
}

function worse(one: number, other: number): number {
  return one === 1 || other === 1 ? 1 : Math.max(one, other);
}

async function targetOf(context: Context, { output, force, folder: named }: Values): Promise<Target> {
  if (output !== undefined) return { folder: null, output, isReplacing: force, known: new Set() };
  const folder = named ?? ownFolder(context);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new RecError("REC_FOLDER_CREATE", { path: folder, why: systemReason(cause) }, cause);
  }
  const known = (await listFolder(folder)).flatMap(({ rec }) => (rec === null ? [] : [rec]));
  return { folder, output: undefined, isReplacing: false, known: new Set(known) };
}

/** The exit status that one recording alone would have. */
async function importOne(
  context: Context,
  candidate: Candidate,
  target: Target,
  refuse: (error: RecError) => void,
): Promise<number> {
  const progress = context.progress(`importing ${candidate.file}`, 2 * candidate.bytes);
  let doneBytes = 0;
  try {
    candidate.advance = (bytes) => {
      doneBytes += bytes;
      progress.advance(doneBytes);
    };
    const rec = await importId(candidate.source);
    if (target.known.has(rec)) {
      progress.end();
      context.tell(`${candidate.printable}: imported before, as ${rec}`);
      return 0;
    }
    const notices: string[] = [];
    const bad = await write(candidate, rec, target, (sentence) => notices.push(sentence));
    progress.end();
    for (const sentence of notices) context.tell(`${candidate.printable}: ${sentence}`);
    target.known.add(rec);
    await context.write(`${rec} ${candidate.printable}\n`);
    for (const { place, reason } of bad) context.tell(`${candidate.printable}: ${place} cannot be used: ${reason}`);
    return bad.length === 0 ? 0 : 3;
  } catch (error) {
    progress.end();
    if (!(error instanceof RecError)) throw error;
    refuse(error);
    return 1;
  }
}

/** What of it could not be used. */
async function write(candidate: Candidate, rec: string, target: Target, notice: (sentence: string) => void) {
  const atMs = Date.now();
  const path = target.output ?? join(target.folder ?? "", `${rec}.jsonl`);
  const file = await NewFile.create(path, target.isReplacing);
  try {
    let head: ImportHead | null = null;
    async function* items(): AsyncGenerator<ImportItem> {
      for await (const item of candidate.items()) {
        if (item.kind === "head") head = item;
        yield item;
      }
    }
    let bad: readonly { readonly place: string; readonly reason: string }[] = [];
    for await (const message of importedMessages(items(), { rec, file: candidate.file, atMs, notice })) {
      await file.write(message.line);
      bad = message.end?.bad ?? [];
    }
    await file.commit(target.output ?? join(dirname(path), nameOf(head, rec, atMs)));
    return bad;
  } finally {
    await file.discard();
  }
}

/** Without a start the name has the moment of the import: the recording itself tells that it is not known. */
function nameOf(head: ImportHead | null, rec: string, atMs: number): string {
  return formatRecordingName({ startedMs: head?.startedMs ?? atMs, user: head?.user ?? "", rec });
}
