/** Plain text: what output says in the order in which it comes, where it would be too much work to draw it. */
import type { Terminal } from "@xterm/headless";
import { coreOf } from "../emulator/internals.ts";

/** Sequences that move the cursor, or what is on the screen: what is written next stands elsewhere. */
const movingSequences = "@ABCDEFGHIJKLMPSTXZ`abdefrsu";
const movingControls = "\b\v\f\r\u0084\u0085";
const movingEscapes = "78DEMc";

/** From now on the terminal draws nothing: `take` is given every character instead, and a line feed wherever the place changes. */
export function divert(terminal: Terminal, take: (text: string) => void): void {
  const { _parser } = coreOf(terminal)._inputHandler;
  const { parser } = terminal;
  let isLineEmpty = true;
  const endLine = (): true => {
    if (!isLineEmpty) take("\n");
    isLineEmpty = true;
    return true;
  };
  _parser.setPrintHandler((codePoints, from, to) => {
    take(String.fromCodePoint(...codePoints.subarray(from, to)));
    isLineEmpty = false;
  });
  _parser.setExecuteHandler("\t", () => {
    take("\t");
    return true;
  });
  _parser.setExecuteHandler("\n", () => {
    take("\n");
    isLineEmpty = true;
    return true;
  });
  for (const control of movingControls) _parser.setExecuteHandler(control, endLine);
  for (const final of movingSequences) {
    for (const intermediates of ["", " ", "'"]) parser.registerCsiHandler({ final, intermediates }, endLine);
  }
  for (const final of "hlJK") parser.registerCsiHandler({ prefix: "?", final }, endLine);
  for (const final of "}~") parser.registerCsiHandler({ intermediates: "'", final }, endLine);
  for (const final of movingEscapes) parser.registerEscHandler({ final }, endLine);
  parser.registerEscHandler({ intermediates: "#", final: "8" }, endLine);
}
