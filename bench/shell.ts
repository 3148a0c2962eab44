/** A recorded shell: an interactive sh in a terminal, whose recorder's memory is looked at. */
import { readFileSync } from "node:fs";
import { megabyte } from "./bench.ts";
import { Terminal } from "./terminal.ts";

/** BEL, in no text of ours; the command's output ends in it. The prompt follows. */
const bell = 0x07;
const quietMs = 1000;

/** What has to be recorded. script(1) gives its terminal an echo that the outer one does not have. */
export const shellCommand = ["sh", "-c", "stty raw -echo; exec sh -i"];

export class RecordedShell {
  readonly #terminal: Terminal;

  /** `wrapped`: shellCommand, as a contestant runs it. The rest of the prompt may come with settle(). */
  constructor(wrapped: readonly string[]) {
    this.#terminal = new Terminal(wrapped);
    if (this.#terminal.read(10_000) <= 0) throw new Error("the shell showed no prompt");
  }

  /** Reads until nothing has come for a second. */
  settle(): void {
    for (let count = 1; count > 0; ) count = this.#terminal.read(quietMs);
  }

  /** Runs a command line and reads all it shows; how many bytes that was. */
  run(line: string, onRead?: (total: number) => void): number {
    // The pause keeps the prompt out of the read that ends in the bell.
    this.#terminal.type(Buffer.from(`${line}; printf '\\007'; sleep .1\n`));
    return this.#terminal.readUntil(bell, onRead) - 1;
  }

  /** Of the recorder alone, in MB: pages that are its own and written to. */
  get privateMegabytes(): number {
    const text = readFileSync(`/proc/${this.#terminal.pid}/smaps_rollup`, "latin1");
    const kibibytes = Number(/^Private_Dirty: +(\d+) kB/m.exec(text)?.[1]);
    return (kibibytes * 1024) / megabyte;
  }

  close(): void {
    this.#terminal.hangUp();
  }
}
