/** Arbitrary things that programs do to a terminal: text, sequences with and without sense, new sizes. */
import { fc } from "../harness/fast-check.ts";

export type Step = { readonly bytes: Uint8Array } | { readonly columns: number; readonly rows: number };

const number = fc.oneof({ weight: 8, arbitrary: fc.nat(30) }, fc.constantFrom(0, 80, 999, 2_000_000_000));
const parameters = fc
  .array(fc.oneof(number.map(String), fc.constant("")), { maxLength: 4 })
  .map((list) => list.join(";"));

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 10 }),
  fc.constantFrom(
    "漢字漢字",
    "e\u0301\u0302",
    "😀👍🏽👨‍👩‍👧",
    "\t",
    "\r\n",
    "\n\n\n",
    "\b",
    "long line ".repeat(20),
    " ".repeat(15),
    "q".repeat(90),
  ),
);
const rendition = fc
  .array(
    fc.constantFrom(
      ..."0 1 2 3 4 4:3 5 7 8 9 21 22 24 27 31 42 93 104 38;5;200 48;5;9 38;2;1;2;3 48;2;9;8;7 58;5;3 59 53 55".split(
        " ",
      ),
    ),
    { maxLength: 4 },
  )
  .map((list) => `\u001b[${list.join(";")}m`);
const modes = fc
  .tuple(
    fc.constantFrom(
      "?1",
      "?6",
      "?7",
      "?12",
      "?25",
      "?45",
      "?47",
      "?66",
      "?1000",
      "?1003",
      "?1004",
      "?1006",
      "?1047",
      "?1048",
      "?1049",
      "?2004",
      "?2026",
      "4",
      "20",
    ),
    fc.constantFrom("h", "l"),
  )
  .map(([mode, final]) => `\u001b[${mode}${final}`);
const sequence = fc
  .tuple(
    fc.constantFrom("", "", "", "", "?", ">", "!"),
    parameters,
    fc.constantFrom("", "", "", "", " ", '"', "'", "$"),
    fc.constantFrom(..."@ABCDEFGHIJKLMPSTXZ`abcdefghlmnpqrstuvx}~".split("")),
  )
  .map((parts) => `\u001b[${parts.join("")}`);
const escapes = fc
  .constantFrom(..."7 8 D E H M = > c n o | } ~ (0 (B )0 )A *0 +K -A %G #8 \\".split(" "))
  .map((rest) => `\u001b${rest}`);
const shifts = fc.constantFrom("\u000e", "\u000f", "\u0007", "\u0084", "\u0085", "\u0088", "\u008d");
const command = fc
  .tuple(
    fc.constantFrom("0", "1", "2", "4", "8", "10", "52", "133", "1337"),
    fc.string({ maxLength: 12 }),
    fc.constantFrom("\u0007", "\u001b\\", "\u009c"),
  )
  .map(([id, value, end]) => `\u001b]${id};${value}${end}`);
const strings = fc.constantFrom(
  "\u001bP$qm\u001b\\",
  "\u001bPq#0~~\u001b\\",
  "\u001b_app\u001b\\",
  "\u001b^pm\u001b\\",
  "\u001b[22;0t",
  "\u001b[23;0t",
);

const written = fc
  .oneof(
    { weight: 6, arbitrary: text },
    { weight: 3, arbitrary: rendition },
    modes,
    { weight: 6, arbitrary: sequence },
    escapes,
    shifts,
    command,
    strings,
  )
  .map((piece) => new TextEncoder().encode(piece));
const window = fc.record({ columns: fc.integer({ min: 0, max: 60 }), rows: fc.integer({ min: 0, max: 20 }) });

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: written.map((bytes): Step => ({ bytes })) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((bytes): Step => ({ bytes })) },
    { weight: 1, arbitrary: window },
  ),
  // Small ones seldom do two things that have to do with each other.
  { maxLength: 120, size: "max" },
);
