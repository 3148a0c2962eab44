/** What the doctor says of a recorder's configuration, read from files as the recorder reads it. */
import { chmodSync, chownSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectCures } from "../../../test/harness/cures.ts";
import { type SiteTree, siteTree } from "../../../test/harness/site-tree.ts";
import { configurationReader } from "../../administer/recorder-configuration.ts";
import { configurationFindings } from "./configuration.ts";
import type { RecorderName } from "./settings.ts";

const file = "/etc/rec-session/rec-session.conf";
const tlogFile = "/etc/tlog/tlog-rec-session.conf";
const recGroup = 997;
const isRoot = process.getuid?.() === 0;

function treeWith(text: string): SiteTree {
  const tree = siteTree();
  tree.write(file, text);
  tree.write("/etc/group", `root:x:0:\nrec:x:${recGroup}:\n`);
  return tree;
}

/** What is not well, as "level: sentence -> cure"; what only root can make well is left out for others. */
async function ills({ host }: SiteTree, recorder: RecorderName = "rec-session"): Promise<string[]> {
  const findings = await configurationFindings(host, () => configurationReader(host)(recorder));
  expectCures(findings);
  return findings
    .filter(({ level, sentence }) => level !== "well" && (isRoot || !/others than root may write/.test(sentence)))
    .map(({ level, sentence, cure, decision }) =>
      `${level}: ${sentence} -> ${cure ?? decision}`.replaceAll(host.place(""), ""),
    );
}

test.each(["rec-session", "tlog-rec-session"] as const)("as installed nothing is amiss for %s", async (recorder) => {
  expect(await ills(treeWith("{ /* all by default */ }"), recorder)).toEqual([]);
});

describe("what it says", () => {
  test.each<[string, string, RegExp]>([
    [
      "a broken line",
      '{ "writer": "journal" "latency": 1 }',
      /^problem: cannot read the configuration .*: line 1, column 23: .*; the defaults count instead -> \/etc\/rec-session\/rec-session.conf:1: what is meant only its writer knows/,
    ],
    [
      "an unknown option",
      '{ "writr": "journal" }',
      /^problem: cannot use .*: writr: no such option; the defaults count instead/,
    ],
    ["a value out of range", '{ "latency": 0 }', /^problem: .* latency is 0: expected an integer from 1 to 3600/],
    ["a writer without its file", '{ "writer": "file" }', /^problem: .* expected file.path beside it/],
    [
      "nothing recorded",
      '{ "writer": "none" }',
      /^problem: .*nothing is recorded .* -> sed -i '1s\/"writer": "none"\/"writer": \["journal"\]\/' \/etc\/rec-session\/rec-session.conf$/,
    ],
    ["no output", '{ "log": { "output": false } }', /^problem: .*what programs show is not recorded/],
    ["a user who decides", '{ "environment": true }', /^problem: .*who is recorded can turn it off/],
    [
      "a rate that drops",
      '{ "limit": { "action": "drop" } }',
      /^warning: .*more than 16384 bytes a second are left out/,
    ],
    ["a buffer that drops", '{ "buffer": { "policy": "drop" } }', /^warning: .*while 262144 bytes wait is left out/],
    ["nothing required", '{ "required": "none" }', /^warning: .*sessions go on when they cannot be recorded/],
    [
      "a shell that is missing",
      '{ "shell": "/bin/nosh" }',
      /^problem: .*shell is \/bin\/nosh, .*; \/bin\/bash takes its place/,
    ],
    ["a fallback that is missing", '{ "fallback-shell": "/bin/nosh" }', /^warning: .*fallback-shell is \/bin\/nosh/],
    [
      "a file of its own for nobody",
      '{ "file": { "path": "/none" } }',
      /^problem: .*file.path is \/none, which is not there/,
    ],
    ["a file of every session's folder", '{ "file": { "path": "x" } }', /^problem: .*another place for every session/],
    ["a folder as a file", '{ "file": { "path": "/etc" } }', /^problem: .*file.path is \/etc, which is a folder/],
    ["a file as a folder", '{ "folder": { "path": "/etc/group" } }', /^problem: .*which is no folder/],
    [
      "a folder that is missing",
      '{ "folder": { "path": "/none" } }',
      /^problem: .* -> install -d -o root -g rec -m 3770 \/none$/,
    ],
    ["a folder of root's alone", '{ "folder": { "path": "/closed" } }', /^problem: .*\(group rec\) may not write/],
    [
      "a folder of everyone's",
      '{ "folder": { "path": "/open" } }',
      /^problem: .*users can reach each other's recordings/,
    ],
    [
      "a folder behind a closed one",
      '{ "folder": { "path": "/closed/in" } }',
      /^problem: .*may not come through \/closed/,
    ],
  ])("%s", async (name, text, expected) => {
    const tree = treeWith(text);
    const folder = (path: string, mode: number, gid: number): void => {
      mkdirSync(join(tree.root, path));
      chmodSync(join(tree.root, path), mode);
      if (isRoot) chownSync(join(tree.root, path), 0, gid);
    };
    folder("/closed", 0o700, 0);
    folder("/closed/in", 0o3770, recGroup);
    folder("/open", 0o3777, recGroup);
    if (isRoot || !/folder that|folder of|folder behind/.test(name)) {
      expect(await ills(tree)).toEqual([expect.stringMatching(expected)]);
    }
  });

  test.runIf(isRoot)("a file and a folder that recorders can write to are well", async () => {
    const tree = treeWith('{ "writer": ["file", "folder"], "file": { "path": "/f" }, "folder": { "path": "/d" } }');
    tree.write("/f", "", 0o660);
    mkdirSync(join(tree.root, "/d"));
    chmodSync(join(tree.root, "/d"), 0o3770);
    for (const path of ["/f", "/d"]) chownSync(join(tree.root, path), 0, recGroup);
    expect(await ills(tree)).toEqual([]);
    chownSync(join(tree.root, "/f"), 1000, recGroup);
    expect(await ills(tree)).toEqual([expect.stringMatching(/file.path is \/f, where users can reach/)]);
  });
});

describe("the file itself", () => {
  test.each<[string, (tree: SiteTree) => void, RegExp]>([
    [
      "missing",
      ({ root }) => rmSync(join(root, file)),
      /^warning: there is no .* -> apt-get install --reinstall .*confmiss/,
    ],
    [
      "a folder",
      ({ root }) => {
        rmSync(join(root, file));
        mkdirSync(join(root, file));
      },
      /^problem: cannot read the configuration .*: is a directory/,
    ],
    [
      "for root to read alone",
      ({ root }) => chmodSync(join(root, file), 0o600),
      /^problem: recorders may not read .* -> chmod a\+r/,
    ],
    [
      "in a folder of root's alone",
      ({ root }) => chmodSync(join(root, "/etc/rec-session"), 0o700),
      /^problem: recorders may not read .* -> chmod a\+x/,
    ],
    [
      "for all to write",
      ({ root }) => chmodSync(join(root, file), 0o666),
      /^problem: others than root may write .* -> chown root:root .* && chmod go-w/,
    ],
    [
      "in a folder for all to write",
      ({ root }) => chmodSync(join(root, "/etc/rec-session"), 0o777),
      /^problem: others than root may write \/etc\/rec-session: they decide/,
    ],
  ])("%s", async (_, spoil, expected) => {
    const tree = treeWith("{}");
    spoil(tree);
    if (isRoot) expect(await ills(tree)).toContainEqual(expect.stringMatching(expected));
  });

  test("in a folder that is not to be listed is read", async () => {
    const tree = treeWith("{}");
    chmodSync(join(tree.root, "/etc/rec-session"), 0o711);
    expect(await ills(tree)).toEqual([]);
  });

  test("of tlog goes before ours, and what is then passed over is told", async () => {
    const tree = treeWith('{ "latency": 0 }');
    expect(await ills(tree, "tlog-rec-session")).toEqual([expect.stringMatching(/latency is 0/)]);
    tree.write(tlogFile, '{ "es": {} }');
    expect(await ills(tree, "tlog-rec-session")).toEqual([
      expect.stringMatching(/^warning: .*tlog-rec-session.conf: ignored es: not supported yet/),
    ]);
    tree.write(file, '{ "latency": 7 }');
    expect(await ills(tree, "tlog-rec-session")).toContainEqual(
      expect.stringMatching(
        /^warning: .* reads \/etc\/tlog\/.*, and not what \/etc\/rec-session\/rec-session.conf says/,
      ),
    );
  });
});
