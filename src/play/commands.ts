/** The command lines that can be seen in a recording: told by the shell (OSC 133), else guessed where something like a prompt stands. */
import { Emulator } from "../emulator/emulator.ts";
import type { TerminalEvent } from "../emulator/event.ts";
import type { Item } from "../format/item.ts";

export interface CommandLine {
  /** When it was entered, milliseconds from the recording's beginning. */
  readonly atMs: number;
  /** As it stood on the screen; `printable()` before it is shown. */
  readonly text: string;
  /** The shell itself told where it begins and ends; else the text before it looked like a prompt. */
  readonly isTold: boolean;
  /** Exit status; null where nobody told it. */
  readonly status: number | null;
}

const lineFeed = 10;
/** "user@host:~$ ", "# ", "(venv) > ": what shells and interpreters end their prompts with, and a blank. */
const promptEnd = /[$#%>\u276f\u00bb]$/;
const maxPromptLength = 200;
/** Lines that a command line may take on the screen. */
const maxRows = 50;
/** "alice@web1:", "[alice@web1 ", "(venv) ": what a prompt keeps when its folder changes. Without one nothing is known again. */
const promptLead = /^\W?\w[\w.@-]*\W?[:\s]/;
const maxKnownPrompts = 16;
/** A recording may hold any number; those beyond are counted. */
const maxCommands = 100_000;

interface Prompt {
  /** What stands on its row, without the blanks that end it. */
  readonly text: string;
  readonly isTold: boolean;
}

export class Commands {
  readonly #emulator = Emulator.open({ scrollback: maxRows });
  readonly #found: { atMs: number; text: string; isTold: boolean; status: number | null }[] = [];
  /** How prompts end that a command was typed at, by their lead: what is the same in all prompts of a shell. */
  readonly #known = new Map<string, string>();
  #omitted = 0;
  #prompt: Prompt | null = null;
  #atMs = 0;

  constructor() {
    this.#emulator.listen((event) => this.#hear(event));
  }

  get found(): readonly CommandLine[] {
    return this.#found;
  }

  get omitted(): number {
    return this.#omitted;
  }

  take(item: Item): void {
    if (item.kind === "window") this.#emulator.resize(item.columns, item.rows);
    if (item.kind !== "output") return;
    this.#atMs = item.atMs;
    const { bytes } = item;
    // What ends a line leaves the prompt: the command is read from the screen before it.
    for (let from = 0; from < bytes.length; ) {
      const end = this.#prompt?.isTold === false || this.#prompt === null ? bytes.indexOf(lineFeed, from) : -1;
      if (end === -1) {
        this.#emulator.feed(bytes.subarray(from));
        break;
      }
      this.#emulator.feed(bytes.subarray(from, end));
      this.#guess();
      if (this.#prompt === null) this.#recall();
      else this.#leave();
      this.#emulator.feed(bytes.subarray(end, end + 1));
      from = end + 1;
    }
    this.#guess();
  }

  #hear(event: TerminalEvent): void {
    if (event.kind === "prompt") this.#prompt = { text: "", isTold: true };
    else if (event.kind === "input") this.#prompt = { text: this.#beforeCursor(), isTold: true };
    else if (event.kind === "command") this.#leaveTold();
    else if (event.kind === "finished") {
      const last = this.#found.findLast(({ isTold }) => isTold);
      if (last !== undefined) last.status ??= event.status;
    }
  }

  /** Output has paused behind what looks like a prompt, and nobody told of one. */
  #guess(): void {
    if (this.#prompt !== null || this.#emulator.isAlternate) return;
    const { row, column } = this.#emulator.cursor;
    const text = this.#emulator.rowText(row).trimEnd();
    if (column <= text.length || column > maxPromptLength || !promptEnd.test(text)) return;
    this.#prompt = { text, isTold: false };
  }

  /** A line that ends begins as a prompt did, where nothing was waited for: what is pasted, or typed ahead, comes with its prompt. */
  #recall(): void {
    if (this.#known.size === 0 || this.#emulator.isAlternate) return;
    const { row: lastRow } = this.#emulator.cursor;
    let row = lastRow;
    while (this.#emulator.isWrapped(row) && lastRow - row < maxRows) row--;
    const text = this.#emulator.rowText(row);
    const prompt = this.#promptOf(text);
    if (prompt !== null) this.#add({ text: prompt, isTold: false }, lastRow);
  }

  #promptOf(text: string): string | null {
    for (const [lead, end] of this.#known) {
      const at = text.startsWith(lead) ? text.indexOf(`${end} `, lead.length) : -1;
      if (at !== -1 && at < maxPromptLength) return text.slice(0, at + end.length);
    }
    return null;
  }

  #remember(prompt: string): void {
    const [lead] = promptLead.exec(prompt) ?? [];
    const [end = ""] = /[^\w\s~/]*$/.exec(prompt) ?? [];
    if (lead === undefined || end === "") return;
    this.#known.delete(lead);
    this.#known.set(lead, end);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > maxKnownPrompts) this.#known.delete(oldest);
  }

  #beforeCursor(): string {
    const { row, column } = this.#emulator.cursor;
    return this.#emulator.rowText(row).slice(0, column).trimEnd();
  }

  /** The cursor stands on the last row of the command line. */
  #leave(): void {
    const prompt = this.#prompt;
    if (prompt === null || prompt.isTold) return;
    this.#prompt = null;
    if (!this.#emulator.isAlternate) this.#add(prompt, this.#emulator.cursor.row);
  }

  /** The cursor stands below the command line. */
  #leaveTold(): void {
    const prompt = this.#prompt;
    this.#prompt = null;
    if (prompt === null || !prompt.isTold || prompt.text === "") return;
    const { row, column } = this.#emulator.cursor;
    this.#add(prompt, column === 0 ? row - 1 : row);
  }

  #add({ text: before, isTold }: Prompt, lastRow: number): void {
    const rows: string[] = [];
    let row = lastRow;
    for (; ; row--) {
      if (rows.length === maxRows || row < -this.#emulator.scrollbackRows) return;
      const text = this.#emulator.rowText(row);
      if (text.startsWith(before)) {
        rows.unshift(text.slice(before.length));
        break;
      }
      // Without a shell that tells it, another line is not known to be the command's.
      if (!isTold && !this.#emulator.isWrapped(row)) return;
      rows.unshift(this.#emulator.isWrapped(row) ? text : `\n${text}`);
    }
    const text = rows.join("").trim();
    if (text === "") return;
    if (!isTold) this.#remember(before);
    if (this.#found.length >= maxCommands) this.#omitted++;
    else this.#found.push({ atMs: this.#atMs, text, isTold, status: null });
  }
}
