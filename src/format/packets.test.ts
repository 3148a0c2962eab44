import { describe, expect, test } from "vitest";
import type { Echo } from "./echo.ts";
import { packetsOf } from "./packets.ts";
import { parseMessage } from "./parse-message.ts";

interface Content {
  readonly pos?: number;
  readonly timing: string;
  readonly in_txt?: string;
  readonly in_bin?: number[];
  readonly out_txt?: string;
  readonly out_bin?: number[];
  readonly echo?: number[][];
}

/** Of message 7 a piece is known, of any other none. */
function resolve({ id, from, length }: Echo): Uint8Array | undefined {
  return id === 7 ? Buffer.from("echoed").subarray(from, from + length) : undefined;
}

function packets(content: Content) {
  const fields = {
    ver: "2.3",
    host: "",
    rec: "r",
    user: "u",
    term: "",
    session: 1,
    id: 1,
    pos: 0,
    in_bin: [],
    out_bin: [],
  };
  const found = packetsOf(parseMessage(JSON.stringify({ ...fields, ...content })), resolve);
  return found.map((packet) => {
    if (packet.kind === "window") return `${packet.atMs} ${packet.columns}x${packet.rows}`;
    if (packet.kind === "lost") return `${packet.fromMs}-${packet.toMs} lost ${packet.inBytes}/${packet.outBytes}`;
    return `${packet.atMs} ${packet.kind} ${Buffer.from(packet.bytes).toString("latin1")}`;
  });
}

const cases: [name: string, content: Content, expected: string[]][] = [
  ["nothing", { timing: "" }, []],
  ["the position is the first time", { pos: 7, timing: ">1+3>1", out_txt: "ab" }, ["7 output a", "10 output b"]],
  [
    "neighbours of one time are one packet",
    { timing: ">1]1/2>1", out_txt: "a\ufffdb", out_bin: [255, 254] },
    ["0 output a\xff\xfeb"],
  ],
  [
    "another direction, a delay or a window part them",
    { timing: ">1<1>1=1x2>1", out_txt: "abc", in_txt: "x" },
    ["0 output a", "0 input x", "0 output b", "0 1x2", "0 output c"],
  ],
  ["records of nothing part nothing", { timing: ">1+0>0<0]0/0>1", out_txt: "ab" }, ["0 output ab"]],
  [
    "an echo stands where a record of nothing is",
    {
      timing: ">1>0+3>0]1/1",
      out_txt: "a\ufffd",
      out_bin: [255],
      echo: [
        [7, 0, 0, 6, 1],
        [7, 0, 2, 2, 1],
      ],
    },
    ["0 output aechoed", "3 output ho\xff"],
  ],
  [
    "an echo of what is not there is lost in its place",
    { timing: ">1+3>0>1", out_txt: "ab", echo: [[6, 0, 0, 6, 1]] },
    ["0 output a", "3-3 lost 0/6", "3 output b"],
  ],
  ["what is no echo of ours is passed over", { timing: ">1>0", out_txt: "a", echo: [[7, 2, 0, 6, 1]] }, ["0 output a"]],
  [
    "characters are code points",
    { timing: ">1+1>2+1>1", out_txt: "😀é日a" },
    ["0 output \xf0\x9f\x98\x80", "1 output \xc3\xa9\xe6\x97\xa5", "2 output a"],
  ],
  [
    "placeholders need not be U+FFFD and may stand for nothing",
    { timing: ">1]2/0>1", out_txt: "axyb" },
    ["0 output ab"],
  ],
  ["bytes may come without placeholders", { timing: "[0/2<1", in_txt: "a", in_bin: [0, 255] }, ["0 input \0\xffa"]],
  [
    "what timing does not ask for is left out",
    { timing: ">1", out_txt: "abc", out_bin: [1], in_txt: "x" },
    ["0 output a"],
  ],
  [
    "a long run after binary",
    { timing: "]1/1>100", out_txt: `\ufffd${"x".repeat(100)}`, out_bin: [200] },
    [`0 output \xc8${"x".repeat(100)}`],
  ],
  [
    "times stop at the greatest",
    { pos: 2147483647999, timing: ">1+5>1", out_txt: "ab" },
    ["2147483647999 output a", "2147483647999 output b"],
  ],
  ["a lone surrogate escape is U+FFFD", { timing: ">1", out_txt: "\ud83d" }, ["0 output \xef\xbf\xbd"]],
];

test.each(cases)("%s", (_, content, expected) => {
  expect(packets(content)).toEqual(expected);
});

describe("timing that asks for more than there is", () => {
  const refused: [content: Content, why: string][] = [
    [{ timing: ">2", out_txt: "a" }, "out_txt"],
    [{ timing: ">1" }, "out_txt"],
    [{ timing: "<2", in_txt: "é" }, "in_txt"],
    [{ timing: "]2/1", out_txt: "a", out_bin: [1] }, "out_txt"],
    [{ timing: "]1/2", out_txt: "a", out_bin: [1] }, "out_bin"],
    [{ timing: "[0/1" }, "in_bin"],
    [{ timing: ">9007199254740991", out_txt: "日本" }, "out_txt"],
  ];
  test.each(refused)("%j", (content, field) => {
    expect(() => packets(content)).toThrow(`field ${field}: has fewer`);
  });
});

describe("echoes that timing has no place for, or that ask for too much", () => {
  const refused: [content: Content, why: string][] = [
    [
      {
        timing: ">0",
        echo: [
          [7, 0, 0, 6, 1],
          [7, 0, 0, 6, 1],
        ],
      },
      "field echo: has more references than timing has places",
    ],
    [{ timing: ">0", echo: [[7, 0, 0, 1048577, 1]] }, "field echo: stands for more than 1048576 bytes"],
  ];
  test.each(refused)("%j", (content, why) => {
    expect(() => packets(content)).toThrow(why);
  });
});
