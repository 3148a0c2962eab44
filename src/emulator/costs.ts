/** Costs of the sequences that touch more than a line, and of windows: measured, in nanoseconds a cell, on a slow machine. */
import type { Terminal } from "@xterm/headless";
import { type Buffer, coreOf, type Parameters } from "./internals.ts";
import type { Work } from "./work.ts";

const cost = { blank: 12, erase: 3, fill: 3, line: 16, move: 6, shift: 16, print: 40, reflow: 40 } as const;
const alternateScreens = new Set([47, 1047, 1049]);

/** From now on these sequences are carried out where they are paid for. */
export function charge(terminal: Terminal, work: Work): void {
  const { _inputHandler: handler, _bufferService: service } = coreOf(terminal);
  const area = (): number => terminal.cols * terminal.rows;
  const active = (): Buffer => service.buffers.active;
  const lines = (params: Parameters): number => {
    const { scrollTop, scrollBottom } = active();
    const count = Math.min(params.params[0] || 1, scrollBottom - scrollTop + 1);
    return count * (terminal.cols * cost.line + terminal.rows * cost.move);
  };
  const region = (): number => {
    const { scrollTop, scrollBottom } = active();
    return (scrollBottom - scrollTop + 1) * terminal.cols * cost.shift;
  };
  const repeated = ({ params }: Parameters): number => {
    const { x, y, ybase, lines: list } = active();
    return (params[0] || 1) * (list.get(ybase + y)?._combined[x - 1]?.length ?? 1) * cost.print;
  };
  const alternate = ({ params, length }: Parameters): number => {
    const isSwitch = params.subarray(0, length).some((mode) => alternateScreens.has(mode));
    return isSwitch && active() === service.buffers.normal ? area() * cost.blank : 0;
  };
  const costs = {
    fullReset: () => area() * cost.blank,
    eraseInDisplay: ({ params }: Parameters) => (params[0] === 3 ? 0 : area() * cost.erase),
    screenAlignmentPattern: () => area() * cost.fill,
    insertLines: lines,
    deleteLines: lines,
    scrollUp: lines,
    scrollDown: lines,
    scrollLeft: region,
    scrollRight: region,
    insertColumns: region,
    deleteColumns: region,
    repeatPrecedingCharacter: repeated,
    setModePrivate: alternate,
  };
  for (const [name, costOf] of Object.entries(costs)) {
    const method = name as keyof typeof costs;
    const carryOut = handler[method];
    handler[method] = function (this: typeof handler, params: Parameters, isSelective?: boolean): boolean {
      // Handled: nobody else is asked.
      return work.pay(costOf(params)) ? carryOut.call(this, params, isSelective) : true;
    };
  }
}

/** What another size costs. Only another width moves what stands on the lines. */
export function resizeCost(terminal: Terminal, columns: number, rows: number): number {
  const { normal, alt } = coreOf(terminal)._bufferService.buffers;
  const width = Math.max(columns, terminal.cols);
  if (columns === terminal.cols) return Math.abs(rows - terminal.rows) * width * cost.blank;
  return (normal.lines.length + alt.lines.length + rows) * width * cost.reflow;
}
