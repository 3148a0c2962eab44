import { describe, expect, test } from "vitest";
import { RecError } from "../errors.ts";
import { parseMessage } from "./parse-message.ts";

const whole = {
  ver: "2.3",
  host: "h",
  rec: "r",
  user: "u",
  term: "t",
  session: 1,
  id: 1,
  pos: 2,
  time: 1.5,
  timing: ">1",
  in_txt: "",
  in_bin: [],
  out_txt: "x",
  out_bin: [255],
};

function line(change: Record<string, unknown>): string {
  return JSON.stringify({ ...whole, ...change });
}

test("a message is taken apart", () => {
  expect(parseMessage(line({}))).toEqual({
    ver: "2.3",
    host: "h",
    rec: "r",
    user: "u",
    term: "t",
    session: 1,
    id: 1,
    posMs: 2,
    timeMs: 1500,
    timing: ">1",
    inTxt: "",
    inBin: [],
    outTxt: "x",
    outBin: [255],
    start: null,
    end: null,
    lost: null,
    transfer: null,
    echo: null,
  });
});

describe("taken, as by tlog's reader", () => {
  const cases: [name: string, change: Record<string, unknown>][] = [
    ...["1", "2", "2.1", "2.2", "2.9", "0", " 2", 1, 2].map((ver): [string, Record<string, unknown>] => [
      `ver ${JSON.stringify(ver)}`,
      { ver },
    ]),
    ["no rec, time or text", { rec: undefined, time: undefined, in_txt: undefined, out_txt: undefined }],
    ["unknown fields", { other: { deep: [1] }, __proto__: 1 }],
    ["id 0", { id: 0 }],
    ["the longest id of a recording", { rec: "r".repeat(256) }],
    ["the greatest numbers", { session: 4294967295, pos: 2147483647999 }],
    ["the end of the year 9999", { time: 253402300799.999 }],
    ["a whole number as time, which pipelines make", { time: 1 }],
  ];
  test.each(cases)("%s", (_, change) => {
    expect(parseMessage(line(change)).timing).toBe(">1");
  });

  test("white space around it and a carriage return", () => {
    expect(parseMessage(` ${line({})} \r`).id).toBe(1);
  });
});

describe("refused, and why", () => {
  const cases: [text: string, code: string, why: string][] = [
    ["", "REC_FORMAT_JSON", "ends too early"],
    ["{", "REC_FORMAT_JSON", "not JSON at character 2"],
    [line({}).slice(0, -20), "REC_FORMAT_JSON", "ends too early"],
    ["x\u001b[31m", "REC_FORMAT_JSON", "not JSON"],
    ["null", "REC_FORMAT_JSON", "not a JSON object"],
    ["5", "REC_FORMAT_JSON", "not a JSON object"],
    ['"s"', "REC_FORMAT_JSON", "not a JSON object"],
    ["[1]", "REC_FORMAT_JSON", "not a JSON object"],
    ["{}", "REC_FORMAT_FIELD", "field ver: is missing"],
    ...["3", "2.", "2.3x", "2.3.1", "", 3, -1].map((ver): [string, string, string] => [
      line({ ver }),
      "REC_FORMAT_VERSION",
      "version",
    ]),
    ...[1.5, null, true].map((ver): [string, string, string] => [line({ ver }), "REC_FORMAT_FIELD", "field ver"]),
    ...["host", "user", "term", "session", "id", "pos", "timing", "in_bin", "out_bin"].map(
      (field): [string, string, string] => [
        line({ [field]: undefined }),
        "REC_FORMAT_FIELD",
        `field ${field}: is missing`,
      ],
    ),
    ...Object.keys(whole).map((field): [string, string, string] => [
      line({ [field]: null }),
      "REC_FORMAT_FIELD",
      `field ${field}: `,
    ]),
    ...Object.keys(whole).map((field): [string, string, string] => [
      line({ [field]: {} }),
      "REC_FORMAT_FIELD",
      `field ${field}: `,
    ]),
    [line({ time: -1 }), "REC_FORMAT_FIELD", "field time: is not from 0"],
    [line({ time: 1e13 }), "REC_FORMAT_FIELD", "field time: is not from 0 to 253402300799.999"],
    [line({ session: 0 }), "REC_FORMAT_FIELD", "field session: is not from 1 to 4294967295"],
    [line({ session: 4294967296 }), "REC_FORMAT_FIELD", "field session"],
    [line({ rec: "r".repeat(257) }), "REC_FORMAT_FIELD", "field rec: is longer than 256 characters"],
    [line({ id: -1 }), "REC_FORMAT_FIELD", "field id"],
    [line({ id: 1.5 }), "REC_FORMAT_FIELD", "field id: is no whole number"],
    [line({ pos: 2147483648000 }), "REC_FORMAT_FIELD", "field pos"],
    [line({ in_bin: [256] }), "REC_FORMAT_FIELD", "field in_bin: holds something that is no byte"],
    [line({ out_bin: ["1"] }), "REC_FORMAT_FIELD", "field out_bin"],
  ];
  test.each(cases)("%j", (text, code, why) => {
    let error: unknown;
    try {
      parseMessage(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RecError);
    expect((error as RecError).code).toBe(code);
    expect((error as RecError).message).toContain(why);
    expect((error as RecError).message).not.toContain("\u001b");
  });
});
