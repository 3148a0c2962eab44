/** A snapshot: a terminal to bytes of which the same terminal is made again. Exact, which escape sequences cannot be. */
import type { Terminal } from "@xterm/headless";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { coreOf } from "./internals.ts";
import { readLines, writeLines } from "./lines.ts";
import { stateOf, type TerminalState, terminalIn } from "./state.ts";

/** Goes up with every change to what is written or to how it is shown. */
export const snapshotVersion = 6;

/** What the emulator knows that its terminal does not. */
export interface Beside {
  readonly hasWindow: boolean;
  readonly title: string;
  readonly titles: readonly string[];
}

interface Head extends Beside {
  readonly version: number;
  readonly state: TerminalState;
}

export function writeSnapshot(terminal: Terminal, beside: Beside): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  const head: Head = { version: snapshotVersion, ...beside, state: stateOf(terminal) };
  writer.text(JSON.stringify(head));
  const { normal, alt } = coreOf(terminal)._bufferService.buffers;
  writeLines(writer, normal);
  writeLines(writer, alt);
  return writer.take();
}

/** Throws for what is no snapshot of this version; it is not made to take what an enemy wrote. */
export function readSnapshot(bytes: Uint8Array): { readonly terminal: Terminal; readonly beside: Beside } {
  const reader = new ByteReader(bytes);
  const { version, state, ...beside } = JSON.parse(reader.text()) as Head;
  if (version !== snapshotVersion) throw new RangeError("a snapshot of another version");
  const terminal = terminalIn(state);
  const core = coreOf(terminal);
  const { normal, alt } = core._bufferService.buffers;
  const { extended } = core._inputHandler._curAttrData;
  readLines(reader, normal, extended);
  readLines(reader, alt, extended);
  if (!reader.isAtEnd) throw new RangeError("a snapshot is too long");
  return { terminal, beside };
}
