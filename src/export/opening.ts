/** The opening of a recording: who, when and how large, which formats with a header want before anything is shown. */
import { type HeadItem, type Item, isPacket } from "../format/item.ts";
import type { WindowPacket } from "../format/packet.ts";
import { shellWord } from "../shell-word.ts";

/** What a terminal has when nobody tells its size. */
const usual = { columns: 80, rows: 24 } as const;

export class Opening {
  head: HeadItem | null = null;
  #window: WindowPacket | null = null;
  #isOver = false;

  /** Whether the item says what comes before all else. False for the first that is something shown or typed, and for all after it. */
  takes(item: Item): boolean {
    if (this.#isOver) return false;
    if (item.kind === "head") this.head = item;
    else if (item.kind === "window" && this.#window === null) this.#window = item;
    else this.#isOver = isPacket(item) || item.kind === "end";
    return !this.#isOver;
  }

  /** Whether the recording told a size before it showed something. */
  get hasSize(): boolean {
    return this.#window !== null;
  }

  /** The first size; one without columns or rows is none. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#window ?? usual;
    return columns > 0 && rows > 0 ? { columns, rows } : usual;
  }

  /** The command as a shell reads it: what came as one text is left as it is. */
  get command(): string | null {
    const words = this.head?.start?.command ?? [];
    if (words.length === 0) return null;
    return words.length === 1 ? (words[0] as string) : words.map(shellWord).join(" ");
  }
}
