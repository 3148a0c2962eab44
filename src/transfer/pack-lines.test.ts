/** What git upload-pack writes, taken apart wherever its bytes were read. */

import { expect, test } from "vitest";
import { fc } from "../../test/harness/fast-check.ts";
import { PackLines } from "./pack-lines.ts";

const line = (band: string, text: string): string => (5 + text.length).toString(16).padStart(4, "0") + band + text;

function split(pieces: readonly string[]): { pack: string; rest: string; all: string } {
  const lines = new PackLines();
  const [found, all] = [{ pack: "", rest: "" }, [] as string[]];
  for (const piece of pieces) {
    lines.split(Buffer.from(piece, "latin1"), (run, isPack) => {
      const text = Buffer.from(run).toString("latin1");
      found[isPack ? "pack" : "rest"] += text;
      all.push(text);
    });
  }
  return { ...found, all: all.join("") };
}

test("the lines of a pack are found among what git says, each read whole", () => {
  const said = "0008NAK\n0000";
  const [one, other] = [line("\x01", "PACK01"), line("\x01", "23")];
  const progress = line("\x02", "Counting\r");
  expect(split([said + one + progress + other, "0004", "0000"])).toMatchObject({
    pack: one + other,
    rest: `${said + progress}00040000`,
  });
});

test.each([
  ["no length", "mark-42\n"],
  ["a length that no line has", "0003"],
  ["a pack that does not begin as one", line("\x01", "mark-42\n")],
  ["a pack that does not begin as one, later", line("\x01", "PA") + line("\x01", "mark")],
])("nothing is a pack after %s", (_, text) => {
  const after = line("\x01", "PACK");
  const { pack, rest } = split([text, after]);
  expect(pack).not.toContain("mark");
  expect(rest.endsWith(after)).toBe(true);
});

const band = fc.constantFrom("\x01", "\x01", "\x02", "\x03", "a");
const packets = fc.array(fc.tuple(band, fc.string({ maxLength: 40 })), { maxLength: 20 });

test("whatever the borders, all bytes come in order, no other line is a pack, and all of the pack but half heads is", () => {
  fc.assert(
    fc.property(packets, fc.infiniteStream(fc.integer({ min: 1, max: 60 })), (lines, lengths) => {
      const first = line("\x01", "PACK");
      const stream = first + lines.map(([kind, text]) => line(kind, text.replaceAll(/[^ -~]/g, "?"))).join("");
      const pieces: string[] = [];
      for (let at = 0; at < stream.length; ) {
        const length = lengths.next().value;
        pieces.push(stream.slice(at, at + length));
        at += length;
      }
      const { pack, all } = split(pieces);
      expect(all).toBe(stream);
      const whole = split([stream]);
      expect(pack.length).toBeLessThanOrEqual(whole.pack.length);
      expect(pack.length).toBeGreaterThanOrEqual(whole.pack.length - 4 * pieces.length);
      expect(whole.pack).toBe(
        first +
          lines
            .flatMap(([kind, text]) => (kind === "\x01" ? [line(kind, text.replaceAll(/[^ -~]/g, "?"))] : []))
            .join(""),
      );
    }),
  );
});
