/** Styles: a recorded cell's colours and attributes to parameters of SGR, as recorded. */
import { attribute, type Cell, defaultColour, trueColour } from "../../emulator/cell.ts";
import type { Style } from "./frame.ts";

/** ECMA-48 8.3.117; 53 is overlined. */
const parameters: readonly (readonly [attribute: number, parameter: string])[] = [
  [attribute.bold, "1"],
  [attribute.dim, "2"],
  [attribute.italic, "3"],
  [attribute.underline, "4"],
  [attribute.blink, "5"],
  [attribute.inverse, "7"],
  [attribute.invisible, "8"],
  [attribute.strikethrough, "9"],
  [attribute.overline, "53"],
];

/** Neighbours mostly look alike: the last answer is kept. */
export class Styles {
  #foreground: number = defaultColour;
  #background: number = defaultColour;
  #attributes = 0;
  #style: Style = "";

  of({ foreground, background, attributes }: Cell): Style {
    if (foreground === this.#foreground && background === this.#background && attributes === this.#attributes) {
      return this.#style;
    }
    this.#foreground = foreground;
    this.#background = background;
    this.#attributes = attributes;
    this.#style = styleOf(foreground, background, attributes);
    return this.#style;
  }
}

function styleOf(foreground: number, background: number, attributes: number): Style {
  const words = parameters.filter(([bit]) => (attributes & bit) !== 0).map(([, parameter]) => parameter);
  return [...words, ...colour(foreground, 30, 90, 38), ...colour(background, 40, 100, 48)].join(";");
}

function colour(value: number, dark: number, bright: number, other: number): string[] {
  if (value === defaultColour) return [];
  if (value >= trueColour) return [`${other};2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`];
  if (value < 8) return [String(dark + value)];
  return [value < 16 ? String(bright + value - 8) : `${other};5;${value}`];
}
