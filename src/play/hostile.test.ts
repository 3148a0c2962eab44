import { describe, expect, test } from "vitest";
import { AuditorScreen } from "../../test/harness/auditor.ts";
import { fc } from "../../test/harness/fast-check.ts";
import { forbidden, hostile } from "../../test/harness/hostile.ts";
import type { Item } from "../format/item.ts";

const head = (name: string): Item =>
  ({ kind: "head", rec: "a-1-1", user: name, host: name, term: name, session: 1, startedMs: 0, start: null }) as Item;
const output = (atMs: number, bytes: Uint8Array): Item => ({ kind: "output", atMs, bytes });
const window: Item = { kind: "window", atMs: 0, columns: 60, rows: 10 };

/** All that a recording of these bytes makes the player write, played, searched and gone back in. */
async function written(bytes: Uint8Array, name = "alice"): Promise<Buffer> {
  const items = [head(name), window, output(0, bytes), output(10, Buffer.from("\u0018\u001b\\\r\nhere"))];
  const auditor = new AuditorScreen(items, { showsInput: true }).play();
  auditor.press(".");
  await auditor.shows("0:00:00.000");
  auditor.press("G", "/", ..."h", "enter", "[", "]", "t", "h", "h");
  await auditor.shows(/ x1 /);
  await new Promise((resolve) => setTimeout(resolve, 40));
  return Buffer.from(auditor.output, "latin1");
}

describe("nothing that is recorded reaches the terminal as it is", () => {
  test.each(hostile)("%s", async (_, bytes) => {
    const output = await written(bytes);
    expect(output.length).toBeGreaterThan(100);
    expect(forbidden(output)).toBe(null);
  });

  test("nor do names of users and hosts", async () => {
    for (let from = 0; from < hostile.length; from += 8) {
      const names = hostile.slice(from, from + 8).map(([, bytes]) => Buffer.from(bytes).toString().slice(0, 20));
      for (const name of [names.join(" "), names[0] ?? ""]) {
        expect(forbidden(await written(Buffer.from("x"), name)), name).toBe(null);
      }
    }
  });

  test("whatever it is", async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "\u001b[",
        "\u001b]",
        "\u001bP",
        "\u001b_",
        "\u001b\\",
        "\u009b",
        "\u0007",
        "\u202e",
        "1;",
        "?",
        "h",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    const anything = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(""))),
      fc.uint8Array({ maxLength: 300 }),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        expect(forbidden(await written(bytes))).toBe(null);
      }),
      { numRuns: 60 },
    );
  });
});

test("the list of what is allowed lets none of the catalogue through", () => {
  const passed = hostile.filter(([, bytes]) => forbidden(bytes) === null).map(([name]) => name);
  expect(passed).toEqual([]);
});
