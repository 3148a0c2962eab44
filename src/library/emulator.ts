/** rec-session/emulator: the screen that a recorded user saw, without anything of Node's. */
export { attribute, type Cell, defaultColour, trueColour } from "../emulator/cell.ts";
export { type Cursor, Emulator, type Snapshot } from "../emulator/emulator.ts";
export type { TerminalEvent } from "../emulator/event.ts";
