import { describe, expect, test } from "vitest";
import { DetectingSplitter, isJournalFile } from "./detect.ts";

const message = '{"ver":"2.3","rec":"r"}';
const quoted = JSON.stringify(message);

test("a first line that comes byte by byte takes no more memory than its bytes", () => {
  const splitter = new DetectingSplitter();
  const chunk = Buffer.from("x");
  const before = process.memoryUsage();
  for (let count = 0; count < 1_000_000; count++) for (const _ of splitter.push(chunk));
  const after = process.memoryUsage();
  // A buffer for each byte took 100 MB; garbage that is left counts too.
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(60e6);
  const [line] = splitter.push(Buffer.from("\n"));
  expect(line?.text).toBe("x".repeat(1_000_000));
});

/** Text or trouble of each line, with the recording it is filed under and the process that wrote it. */
function linesOf(text: string, options = {}): string[] {
  const splitter = new DetectingSplitter(options);
  const bytes = Buffer.from(text);
  // Byte by byte, so that nothing can be seen before it is there.
  const lines = [...bytes].flatMap((byte) => [...splitter.push(Buffer.of(byte))]);
  lines.push(...splitter.end());
  return lines.map(({ place, text: own, trouble, origin }) =>
    [place, own === "" ? `(${trouble})` : own, origin?.rec, origin?.trusted._PID]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}

const large = "its message was left out as too large: use 'journalctl --all'";

const cases: [string, string, string[]][] = [
  ["messages", `${message}\n${message}\n`, [`line 1 ${message}`, `line 2 ${message}`]],
  [
    "a message whose text looks like an entry",
    `{"ver":"2","out_txt":"\\"__CURSOR\\""}\n`,
    ['line 1 {"ver":"2","out_txt":"\\"__CURSOR\\""}'],
  ],
  ["one message without a newline", message, [`line 1 ${message}`]],
  ["lines that are none", "0\nx\n", ["line 1 0", "line 2 x"]],
  ["nothing", "", []],
  ["messages after empty lines, which count", `\n\n\n${message}\n`, [`line 4 ${message}`]],
  ["syslog after empty lines", `\n\nNov 21 10:00:00 vm tlog-rec[22]: ${message}\n`, [`line 3 ${message}`]],
  ["what begins as a journal file after an empty line", "\nLPKSHHRH\n", ["line 2 LPKSHHRH"]],
  ["export format", `__CURSOR=x\nTLOG_REC=r\n_PID=7\nMESSAGE=${message}\n\n`, [`entry 1 ${message} r 7`]],
  ["export format after empty lines", `\n\n__CURSOR=x\nMESSAGE=${message}\n\n`, [`entry 1 ${message}`]],
  ["export format without a message", "__CURSOR=x\n_PID=7\n\n", ["entry 1 (it has no MESSAGE) 7"]],
  ["journalctl -o json", `{"_PID":"7","__CURSOR":"x","TLOG_REC":"r","MESSAGE":${quoted}}\n`, [`line 1 ${message} r 7`]],
  ["journalctl -o json, bytes", `{"__CURSOR":"x","MESSAGE":[123,27,125]}\n`, ["line 1 {\u001b}"]],
  [
    "journalctl -o json, several values",
    `{"__CURSOR":"x","_PID":["7","8"],"MESSAGE":[[123,125],"b"]}\n`,
    ["line 1 {} 7"],
  ],
  ["journalctl -o json, a value left out", `{"__CURSOR":"x","MESSAGE":null}\n`, [`line 1 (${large})`]],
  [
    "journalctl -o json, no entry",
    `{"__CURSOR":"x","MESSAGE":"m"}\n[]\n\n{"MES`,
    ["line 1 m", "line 2 (not a JSON object)", "line 4 (the line is not whole)"],
  ],
  [
    "syslog, RFC 3164",
    `Nov 21 10:00:00 vm sshd[1]: hello\nNov  1 10:00:00 vm tlog-rec[22]: ${message}\n<86>Nov 21 10:00:00 vm tlog: ${message}\n`,
    [`line 2 ${message}`, `line 3 ${message}`],
  ],
  ["syslog, ISO 8601", `2026-11-21T10:00:00.1+01:00 vm rec: ${message}\nnonsense\n`, [`line 1 ${message}`]],
  [
    "syslog, other programs that quote their users",
    `Nov 21 10:00:00 vm sudo: alice : COMMAND=${message}\nNov 21 10:00:00 vm sshd[1]: Invalid user : ${message}\n`,
    [],
  ],
  ["a journal file", "LPKSHHRH\n\n\nx\n", ["line 1 (a journal file cannot be read from a pipe, only by its name)"]],
];

describe("detection", () => {
  test.each(cases)("%s", (_, text, expected) => {
    expect(linesOf(text)).toEqual(expected);
  });

  test("empty lines before all others are not held, however many they are", () => {
    const splitter = new DetectingSplitter();
    const chunk = Buffer.alloc(256 * 1024, "\n");
    // Joined with those before, and looked through again, they take minutes.
    for (let i = 0; i < 256; i++) expect([...splitter.push(chunk)]).toEqual([]);
    expect([...splitter.push(Buffer.from("x\n"))].map(({ place }) => place)).toEqual([`line ${2 ** 26 + 1}`]);
  });

  test("begins again when the medium does", () => {
    const splitter = new DetectingSplitter();
    expect([...splitter.push(Buffer.from("__CURSOR=x\nMESSAGE=m\n\n"))]).toHaveLength(1);
    splitter.restart();
    expect([...splitter.push(Buffer.from(`${message}\n`))].map(({ text }) => text)).toEqual([message]);
  });

  test("keeps entries as they stand in the medium, if asked to", () => {
    const text = "__CURSOR=x\nMESSAGE=m\n\n";
    const [line] = new DetectingSplitter({ keepsEntries: true }).push(Buffer.from(text));
    expect(line?.entry?.toString()).toBe(text);
    expect([...new DetectingSplitter().push(Buffer.from(text))][0]).not.toHaveProperty("entry");
  });

  test("a journal file is known by its signature", () => {
    expect(isJournalFile(Buffer.from("LPKSHHRH..."))).toBe(true);
    expect(isJournalFile(Buffer.from("LPKS"))).toBe(false);
  });
});
