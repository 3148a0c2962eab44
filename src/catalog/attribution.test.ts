import { expect, test } from "vitest";
import { Names, type Trusted } from "./attribution.ts";

const machine = "0123456789abcdef0123456789abcdef";
const databases: Readonly<Record<string, string>> = {
  passwd: "root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\nmallory:x:1001:1001::/:/bin/sh\n",
  group: "rec:x:990:\n",
};

function host({ group = databases["group"] ?? "", machine: id = machine } = {}) {
  const asked: string[][] = [];
  const ask = (database: string, keys: readonly string[]): string => {
    asked.push([database, ...keys]);
    const lines = (database === "group" ? group : (databases[database] ?? "")).split("\n");
    return lines.filter((line) => keys.some((key) => line.split(":").includes(key))).join("\n");
  };
  return { names: new Names(ask, id), asked };
}

const login = { user: "alice", identifier: "rec-session", isOwn: true };
const ofTool = { ...login, identifier: "rec" };
const ofTlog = { ...login, identifier: "tlog-rec-session", isOwn: false };
const alice: Trusted = { _UID: "1000", _GID: "1000", _MACHINE_ID: machine };
const mallory: Trusted = { _UID: "1001", _GID: "1001", _MACHINE_ID: machine };
const unproven = {
  by: "unproven",
  lie: "it calls itself a login session's, but the installed recorder did not send it",
};

test.each([
  ["the installed recorder", login, { ...alice, _GID: "990" }, { by: "recorder", lie: null }],
  // Who was deleted and made again has another uid.
  ["the same, of a user who has another uid now", login, { ...mallory, _GID: "990" }, { by: "recorder", lie: null }],
  ["a user's own rec", ofTool, alice, { by: "user", lie: null }],
  ["tlog", ofTlog, alice, { by: "user", lie: null }],
  ["a login session's, by the user himself", login, alice, unproven],
  ["the same by a link of tlog's name", { ...login, identifier: "-tlog-rec-session" }, alice, unproven],
  ["another user's process", ofTool, mallory, { by: "uid 1001", lie: "uid 1001 (mallory) wrote it, who is not alice" }],
  ["root, who may hand on what others recorded", ofTool, { ...alice, _UID: "0" }, { by: "uid 0", lie: null }],
  ["a uid that has no name here", ofTool, { ...alice, _UID: "5000" }, { by: "uid 5000", lie: null }],
  ["a user without a name", { ...ofTool, user: "5000" }, { ...alice, _UID: "5000" }, { by: "user", lie: null }],
  ["another machine's", login, { ...mallory, _MACHINE_ID: "f".repeat(32) }, null],
  ["a medium that tells no senders", login, {}, null],
])("%s", (_, claim, trusted, expected) => {
  expect(host().names.attribute(claim, trusted)).toEqual(expected);
});

test("where no recorder is installed none is missed, and none is asked for again", () => {
  const { names, asked } = host({ group: "" });
  for (let i = 0; i < 3; i++) expect(names.attribute(login, alice)).toEqual({ by: "user", lie: null });
  expect(asked.filter(([database]) => database === "group")).toHaveLength(1);
});

test("a host that does not know itself takes no journal for its own", () => {
  expect(host({ machine: "" }).names.attribute(login, { ...mallory, _MACHINE_ID: "" })).toBeNull();
});

test("who is known to be asked for is asked for at once, and only of this machine; a flood of uids has an end", () => {
  const { names, asked } = host();
  names.prepare([alice, mallory, { ...alice, _UID: "7", _MACHINE_ID: "x" }, { ...alice, _UID: "8", _GID: "990" }]);
  expect(asked).toEqual([
    ["group", "rec"],
    ["passwd", "1000", "1001"],
  ]);
  names.prepare(Array.from({ length: 5000 }, (_, i) => ({ ...alice, _UID: `${100_000 + i}` })));
  expect(asked.flatMap(([database, ...keys]) => (database === "passwd" ? keys : []))).toHaveLength(1000);
});
