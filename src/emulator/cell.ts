/** A cell of the screen as a drawer needs it. */
import type { IBufferCell } from "@xterm/headless";

/** What stands in one cell of a row. */
export interface Cell {
  /** A character with what is combined with it; "" for a cell that nothing was written to. */
  text: string;
  /** 0 for the second half of a wide character. */
  width: 0 | 1 | 2;
  /** Colour of the text. */
  foreground: number;
  /** Colour behind it. */
  background: number;
  /** Sum of `attribute`s. */
  attributes: number;
}

/** A colour is this, a number of the palette from 0 to 255, or `trueColour` + 0xRRGGBB. */
export const defaultColour = -1;
/** What the red, green and blue of a colour that is not of the palette are added to. */
export const trueColour = 0x1000000;

/** How text looks beside its colours: bits of `Cell.attributes`. */
export const attribute = {
  bold: 1,
  dim: 2,
  italic: 4,
  underline: 8,
  blink: 16,
  inverse: 32,
  invisible: 64,
  strikethrough: 128,
  overline: 256,
} as const;

export function emptyCell(): Cell {
  return { text: "", width: 1, foreground: defaultColour, background: defaultColour, attributes: 0 };
}

/** @internal */
export function loadCell(cell: Cell, from: IBufferCell): void {
  cell.text = from.getChars();
  cell.width = from.getWidth() as 0 | 1 | 2;
  cell.foreground = colour(from.isFgDefault(), from.isFgRGB(), from.getFgColor());
  cell.background = colour(from.isBgDefault(), from.isBgRGB(), from.getBgColor());
  cell.attributes = from.isAttributeDefault() ? 0 : attributesOf(from);
}

function colour(isDefault: boolean, isTrue: boolean, value: number): number {
  if (isDefault) return defaultColour;
  return isTrue ? trueColour + value : value;
}

function attributesOf(from: IBufferCell): number {
  return (
    (from.isBold() && attribute.bold) |
    (from.isDim() && attribute.dim) |
    (from.isItalic() && attribute.italic) |
    (from.isUnderline() && attribute.underline) |
    (from.isBlink() && attribute.blink) |
    (from.isInverse() && attribute.inverse) |
    (from.isInvisible() && attribute.invisible) |
    (from.isStrikethrough() && attribute.strikethrough) |
    (from.isOverline() && attribute.overline)
  );
}
