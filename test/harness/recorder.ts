/** The commands under test, and what they wrote. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Decoder } from "../../src/format/decoder.ts";
import type {
  BadItem,
  EndItem,
  GapItem,
  HeadItem,
  LostItem,
  TransferItem,
  UnendedItem,
} from "../../src/format/item.ts";
import type { Packet, WindowPacket } from "../../src/format/packet.ts";
import type { Exit } from "../../src/terminal/child.ts";
import { Session } from "./session.ts";

export const root: string = join(import.meta.dirname, "../..");
export const rec: string = join(root, "bin/rec");
export const recSession: string = join(root, "bin/rec-session");
export const programs: string = join(root, "test/programs");

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rec-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A path for a recording in a folder of its own. */
export function recordingFile(): string {
  return join(temporaryFolder(), "recording.jsonl");
}

export interface Recorded {
  readonly packets: readonly Packet[];
  readonly output: Buffer;
  readonly input: Buffer;
  readonly windows: readonly string[];
  readonly head: HeadItem | undefined;
  readonly end: EndItem | undefined;
  readonly lost: readonly LostItem[];
  readonly gaps: readonly GapItem[];
  readonly bad: readonly BadItem[];
  readonly transfers: readonly TransferItem[];
  readonly unended: UnendedItem | undefined;
  /** Whole lines. */
  readonly lines: number;
}

/** Decodes one recording of a file. */
export function readRecording(path: string, id?: string): Recorded {
  const decoder = new Decoder(id === undefined ? {} : { rec: id });
  const packets: Packet[] = [];
  const lost: LostItem[] = [];
  const gaps: GapItem[] = [];
  const bad: BadItem[] = [];
  const transfers: TransferItem[] = [];
  let head: HeadItem | undefined;
  let end: EndItem | undefined;
  let unended: UnendedItem | undefined;
  let lines = 0;
  const take = (items: ReturnType<Decoder["decode"]>): void => {
    for (const item of items) {
      if (item.kind === "head") head = item;
      else if (item.kind === "end") end = item;
      else if (item.kind === "lost") lost.push(item);
      else if (item.kind === "gap") gaps.push(item);
      else if (item.kind === "bad") bad.push(item);
      else if (item.kind === "transfer") transfers.push(item);
      else if (item.kind === "unended") unended = item;
      // The decoder's bytes may be valid until its next line only.
      else packets.push(item.kind === "window" ? item : { ...item, bytes: Uint8Array.from(item.bytes) });
    }
  };
  for (const { text, isWhole } of linesOf(path)) {
    lines += Number(isWhole);
    take(decoder.decode({ text, isWhole, place: `line ${lines}` }));
  }
  take(decoder.finish());
  const bytesOf = (kind: "input" | "output"): Buffer =>
    Buffer.concat(packets.flatMap((packet) => (packet.kind === kind ? [packet.bytes] : [])));
  const windows = packets.filter((packet): packet is WindowPacket => packet.kind === "window");
  return {
    packets,
    output: bytesOf("output"),
    input: bytesOf("input"),
    windows: windows.map(({ columns, rows }) => `${columns}x${rows}`),
    head,
    end,
    lost,
    gaps,
    bad,
    transfers,
    unended,
    lines,
  };
}

/** Line by line, since a large recording is more than a string can hold. */
function* linesOf(path: string): Generator<{ text: string; isWhole: boolean }> {
  const fd = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(1 << 20);
    let rest: Buffer = Buffer.alloc(0);
    for (let count = readSync(fd, chunk); count > 0; count = readSync(fd, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      let at = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, at)) {
        yield { text: bytes.toString("utf8", at, end), isWhole: true };
        at = end + 1;
      }
      rest = Buffer.from(bytes.subarray(at));
    }
    if (rest.length > 0) yield { text: rest.toString(), isWhole: false };
  } finally {
    closeSync(fd);
  }
}

export interface Outcome extends Exit {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a command to its end with three pipes; standard input is empty or as given. */
export async function run(
  args: readonly (string | Uint8Array)[],
  options: Omit<ConstructorParameters<typeof Session>[0], "args"> & { readonly input?: string | Uint8Array } = {},
): Promise<Outcome> {
  const { input = "", ...rest } = options;
  const session = new Session({ stdio: ["pipe", "pipe", "pipe"], ...rest, args });
  session.feed(input);
  session.endStdin();
  const exit = await session.exited;
  return {
    ...exit,
    stdout: session.stdout?.content ?? Buffer.alloc(0),
    stderr: (session.stderr?.content ?? Buffer.alloc(0)).toString(),
  };
}

/** A shell around the recorder, as in life: it owns the terminal before and after, so that the modes left behind can be seen. */
export function within(command: string, options: Partial<ConstructorParameters<typeof Session>[0]> = {}): Session {
  return new Session({ args: ["/bin/sh", "-c", `${command}; echo "left with $?."; read wait`], ...options });
}
