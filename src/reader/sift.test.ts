import { describe, expect, test } from "vitest";
import { type NamedSender, Provenance } from "./provenance.ts";
import type { Reader, SourceLine } from "./reader.ts";
import { Selection } from "./selection.ts";
import { sift } from "./sift.ts";

const boot = "0123456789abcdef0123456789abcdef";
/** The id of process 255. */
const rec = `${boot}-ff-1000`;
const own = { _PID: "255", _UID: "1000", _BOOT_ID: boot, _TRANSPORT: "journal", _EXE: "/usr/bin/node" };

interface Entry {
  readonly text?: string;
  readonly filed?: string;
  readonly says?: string;
  readonly atMs?: number;
  readonly [field: `_${string}`]: string | undefined;
}

let count = 0;

/** An entry of the recorder, unless it says otherwise. */
function entry({ text, filed = rec, says = rec, atMs = 0, ...fields }: Entry = {}): SourceLine {
  const all = { ...own, ...fields };
  const trusted = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const message = text ?? `{"ver":"2.3","rec":"${says}","id":1}`;
  return { text: message, place: `entry ${++count}`, isWhole: true, origin: { rec: filed, atMs, trusted } };
}

function readerOf(lines: readonly SourceLine[]): Reader {
  return {
    async *lines() {
      yield* lines;
    },
    close: async () => {},
  };
}

/** Of each line its number if it passed, else why not. */
async function sifted(lines: readonly SourceLine[], isNamedThere?: boolean): Promise<(number | string)[]> {
  const hasMessagesOf = isNamedThere === undefined ? null : async () => isNamedThere;
  const options = { selection: new Selection(rec), provenance: new Provenance(), hasMessagesOf };
  const passed: (number | string)[] = [];
  for await (const line of sift(readerOf(lines), options)) {
    passed.push("foreign" in line ? line.foreign : lines.indexOf(line) + 1);
  }
  return passed;
}

const other = { _PID: "666", _EXE: "/usr/bin/logger" };
const alien = "process 666 (uid 1000, /usr/bin/logger) wrote it, not process 255, which the recording's ID names";

const cases: [string, SourceLine[], (number | string)[]][] = [
  ["all of the recorder's", [entry(), entry()], [1, 2]],
  ["one that another process wrote", [entry(), entry(other), entry()], [1, alien, 3]],
  ["one that another process wrote before the recorder began", [entry(other), entry(), entry()], [alien, 2, 3]],
  [
    "many of one process are told once and counted",
    [entry(), entry(other), entry(other), entry(other)],
    [1, alien, "it and 2 others were not written by the recorder"],
  ],
  [
    "two of one process are told once, and the other counted",
    [entry(), entry(other), entry(other)],
    [1, alien, "it and 1 other were not written by the recorder"],
  ],
  [
    "the same process of another boot",
    [entry(), entry({ _BOOT_ID: "f".repeat(32) })],
    [1, "process 255 (uid 1000, /usr/bin/node) wrote it, not process 255, which the recording's ID names"],
  ],
  [
    "another user under the same pid",
    [entry(), entry({ _UID: "0" })],
    [1, "process 255 (uid 0, /usr/bin/node) wrote it: _UID is 0, that of the recording's first message 1000"],
  ],
  [
    "a process of the user's that has the pid of a killed recorder",
    [entry({ _GID: "990" }), entry({ _GID: "1000", _EXE: undefined })],
    [1, "process 255 (uid 1000) wrote it: _GID is 1000, that of the recording's first message 990"],
  ],
  ["a sender that journald lost sight of", [entry(), entry({ _EXE: undefined })], [1, 2]],
  [
    "what journald still had from before the recorder was started",
    [entry({ _EXE: "/usr/sbin/sshd", _SYSTEMD_UNIT: "ssh.service" }), entry({ _SYSTEMD_UNIT: "session-1.scope" })],
    [1, 2],
  ],
  [
    "another program, long after",
    [entry(), entry({ atMs: 60_000, _EXE: "/bin/sh" })],
    [
      1,
      "process 255 (uid 1000, /bin/sh) wrote it: _EXE is /bin/sh, that of the recording's first message /usr/bin/node",
    ],
  ],
  [
    "a message that says another recording than it is filed under",
    [entry(), entry({ says: "x" })],
    [1, "its message is of another recording than its TLOG_REC"],
  ],
  ["a message of another recording", [entry(), entry({ filed: "x", says: "x", ...other })], [1]],
  ["no message, by another process", [entry(), entry({ text: "hello", ...other })], [1, alien]],
  ["no message, by the recorder, is for the decoder to tell", [entry(), entry({ text: "hello" })], [1, 2]],
  [
    "nobody of that pid at all: the first sender is believed",
    [entry(other), entry(other), entry({ _PID: "7" })],
    [1, 2, "process 7 (uid 1000, /usr/bin/node) wrote it: _PID is 7, that of the recording's first message 666"],
  ],
  ["an export of a medium that tells no senders", [entry({ _PID: undefined, _UID: undefined })], [1]],
  [
    "a sender that is not told among others that are",
    [entry(), entry({ _PID: undefined, _UID: undefined })],
    [1, "nobody is told to have written it"],
  ],
];

describe("the sieve", () => {
  test.each(cases)("%s", async (_, lines, expected) => {
    expect(await sifted(lines)).toEqual(expected);
  });

  test("a medium that can be asked is asked, so that nothing waits", async () => {
    expect(await sifted([entry(other)], true)).toEqual([alien]);
    expect(await sifted([entry(other), entry(other)], false)).toEqual([1, 2]);
  });

  test("what was sent under the recorder's pid before it began is told by the group that the recorder alone has", async () => {
    const asked: NamedSender[] = [];
    const ask = async (lines: readonly SourceLine[], recorders: string | null, isThere: boolean) => {
      const options = {
        selection: new Selection(rec),
        provenance: new Provenance(() => recorders),
        hasMessagesOf: async (_: string, sender: NamedSender) => {
          asked.push(sender);
          return isThere;
        },
      };
      const passed: (number | string)[] = [];
      for await (const line of sift(readerOf(lines), options))
        passed.push("foreign" in line ? line.foreign : lines.indexOf(line) + 1);
      return passed;
    };
    const genuine = entry({ _GID: "990" });
    const forged = entry({ _GID: "1000" });
    const told = "process 255 (uid 1000, /usr/bin/node) wrote it, not the installed recorder: _GID is 1000";
    expect(await ask([forged, genuine, forged], "990", true)).toEqual([told, 2, expect.stringContaining("1 other")]);
    expect(asked).toEqual([{ boot, pid: "255", group: "990" }]);
    // Plain rec, a recorder that is asked for first, and a machine whose groups nobody knows.
    expect(await ask([forged, entry({ _GID: "1000" })], "990", false)).toEqual([1, 2]);
    expect(asked.splice(0)).toHaveLength(2);
    expect(await ask([genuine, forged], "990", true)).toEqual([1, told]);
    expect(await ask([forged, genuine], null, true)).toEqual([1, expect.stringContaining("_GID is 990")]);
    expect(asked).toEqual([]);
    expect(await ask([entry(other), forged, genuine], "990", true)).toEqual([alien, told, 3]);
    expect(asked).toEqual([
      { boot, pid: "255" },
      { boot, pid: "255", group: "990" },
    ]);
  });

  test("of foreign messages without end a few are told", async () => {
    const lines = [entry(), ...Array.from({ length: 50 }, (_, i) => entry({ _PID: `${i + 1}` }))];
    const passed = await sifted(lines);
    expect(passed).toHaveLength(7);
    expect(passed.at(-1)).toBe("it and 49 others were not written by the recorder");
  });

  test("what waits for a sender is bounded", async () => {
    const text = `{"ver":"2.3","rec":"${rec}","x":"${"x".repeat(1 << 20)}"}`;
    const lines = [...Array.from({ length: 20 }, () => entry({ text, ...other })), entry()];
    // The recorder came too late: who was believed meanwhile stays the one.
    expect((await sifted(lines)).filter((passed) => typeof passed === "number")).toEqual(
      lines.slice(0, 20).map((_, i) => i + 1),
    );
  });

  test("lines of a file, which knows no senders", async () => {
    const line = { text: `{"ver":"2.3","rec":"${rec}"}`, place: "line 1", isWhole: true };
    expect(await sifted([line])).toEqual([1]);
  });
});
