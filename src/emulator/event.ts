/** What happens on a terminal beside its screen: heard while bytes are shown. */
import type { Terminal } from "@xterm/headless";
import { workOf } from "./terminal.ts";

/** What a program told its terminal beside what is on the screen; `kind` tells which. */
export type TerminalEvent =
  | { readonly kind: "bell" }
  /** The window got a title, which may hold anything that a program wrote. */
  | { readonly kind: "title"; readonly title: string }
  /** The alternate screen came or went. */
  | { readonly kind: "alternate"; readonly isOn: boolean }
  /** A shell that tells it (OSC 133) shows its prompt, has shown it and reads, runs a command line, or has its status. */
  | { readonly kind: "prompt" | "input" | "command" }
  | { readonly kind: "finished"; readonly status: number | null }
  /** Something was not carried out, see `Emulator.omitted`. */
  | { readonly kind: "omitted" };

/** Longer titles are cut. */
const maxTitle = 1000;
/** As xterm's: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, XTWINOPS 22 and 23. */
const maxTitles = 10;

/** The title of a terminal, with the stack that programs keep it on while they have one of their own. */
export class Title {
  text: string;
  readonly stack: string[];
  constructor(text = "", stack: readonly string[] = []) {
    this.text = text;
    this.stack = [...stack];
  }

  push(): void {
    this.stack.push(this.text);
    if (this.stack.length > maxTitles) this.stack.shift();
  }

  pop(): boolean {
    const text = this.stack.pop();
    if (text === undefined) return false;
    this.text = text;
    return true;
  }
}

/** @internal */
export function listen(terminal: Terminal, title: Title, tell: (event: TerminalEvent) => void): void {
  const { parser, buffer } = terminal;
  workOf(terminal).onOmit = () => tell({ kind: "omitted" });
  terminal.onBell(() => tell({ kind: "bell" }));
  buffer.onBufferChange((active) => tell({ kind: "alternate", isOn: active.type === "alternate" }));
  const setTitle = (text: string) => {
    title.text = text.slice(0, maxTitle);
    tell({ kind: "title", title: title.text });
    return true;
  };
  for (const id of [0, 2]) parser.registerOscHandler(id, setTitle);
  parser.registerOscHandler(1, () => true);
  parser.registerCsiHandler({ final: "t" }, ([operation, which]) => {
    const isOfTitle = which === undefined || which === 0 || which === 2;
    if (operation === 22 && isOfTitle) title.push();
    else if (operation === 23 && isOfTitle && title.pop()) tell({ kind: "title", title: title.text });
    return true;
  });
  parser.registerOscHandler(133, (text) => {
    const event = promptEvent(text);
    if (event !== null) tell(event);
    return true;
  });
}

/** https://gitlab.freedesktop.org/Per_Bothner/specifications/blob/master/proposals/semantic-prompts.md */
function promptEvent(text: string): TerminalEvent | null {
  const [kind, status] = text.split(";", 2);
  if (kind === "A" || kind === "N" || kind === "P") return { kind: "prompt" };
  if (kind === "B" || kind === "I") return { kind: "input" };
  if (kind === "C") return { kind: "command" };
  if (kind !== "D") return null;
  return { kind: "finished", status: status !== undefined && /^\d{1,9}$/.test(status) ? Number(status) : null };
}
