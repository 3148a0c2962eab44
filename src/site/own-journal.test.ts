/** The recordings' own journal on a host in a folder; test/system has a real one. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { alice, site, stateOf } from "../../test/harness/set-up.ts";
import type { SiteTree } from "../../test/harness/site-tree.ts";
import { configurationReader } from "../administer/recorder-configuration.ts";
import { ownJournalFile } from "../own-journal.ts";
import { examine } from "./doctor/examine.ts";
import { journalReachFindings } from "./doctor/journal-reach.ts";
import { nobody } from "./scope.ts";
import { disable, enable, useOwnJournal } from "./set-up.ts";

const socketDropIn = "/etc/systemd/system/systemd-journald@rec-session.socket.d/rec-session.conf";
const everyone = { ...nobody, isAll: true };

beforeEach((context) => {
  if (process.getuid?.() !== 0) context.skip("only root can give a file to another group");
});

function siteWithGroup(isDry = false) {
  const found = site(isDry);
  found.tree.write("/etc/group", "root:x:0:\nrec:x:997:\n");
  return found;
}

/** The files below the folder, with what is in them. */
function filesOf({ root }: SiteTree, folder: string): Record<string, string> {
  const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [];
  const files = names.map((name) => `${folder}/${name}`).filter((path) => path.endsWith(".conf"));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

async function ills({ host }: SiteTree): Promise<string[]> {
  const findings = await examine(host, "alice", configurationReader(host));
  return findings
    .filter(({ level, sentence }) => level !== "well" && /recordings do not|own journal|journald/.test(sentence))
    .map(({ level, sentence, cure }) => `${level}: ${sentence} -> ${cure}`);
}

test("it comes with enabling, twice is once, later calls leave it, and it goes with the last who is recorded", async () => {
  const { tree, told, setUp } = siteWithGroup();
  await enable(setUp, alice, "shell", true);
  const made = filesOf(tree, "/etc/systemd");
  expect(Object.keys(made)).toHaveLength(4);
  expect(JSON.parse(tree.host.text(ownJournalFile)?.replace(/^\/\/.*$/gm, "") ?? "")).toEqual({
    journal: { namespace: "rec-session" },
  });
  expect(await ills(tree)).toEqual([]);
  const calls = (): string[] => readFileSync(join(tree.root, "systemctl.log"), "utf8").match(/^(re)?start.*/gm) ?? [];
  const before = calls();
  await enable(setUp, alice, "shell", true);
  await enable(setUp, alice, "shell");
  expect(filesOf(tree, "/etc/systemd")).toEqual(made);
  expect(calls()).toEqual(before);
  await disable(setUp, everyone, undefined);
  // With the folders that were made for them.
  expect(readdirSync(join(tree.root, "etc/systemd/system"))).toEqual([]);
  expect(readdirSync(join(tree.root, "etc/systemd"))).toEqual(["system"]);
  expect(existsSync(join(tree.root, ownJournalFile))).toBe(false);
  // Sessions that run go on, until the next boot.
  expect(existsSync(join(tree.root, "run/systemd/journal.rec-session/socket"))).toBe(true);
  expect(Object.values(filesOf(tree, "/run/systemd"))).toEqual(Object.values(made));
  expect(told.filter((sentence) => sentence.includes("journal"))).toHaveLength(3);
  await enable(setUp, alice, "shell", true);
  expect(filesOf(tree, "/run/systemd")).toEqual({});
});

test("it comes and goes alone, where somebody is recorded", async () => {
  const { tree, told, setUp } = siteWithGroup();
  await expect(useOwnJournal(setUp, true)).rejects.toThrow("nobody is recorded");
  await enable(setUp, alice, "shell");
  await useOwnJournal(setUp, true);
  expect(await ills(tree)).toEqual([]);
  await useOwnJournal(setUp, false);
  expect(filesOf(tree, "/etc/systemd")).toEqual({});
  await useOwnJournal(setUp, false);
  expect(told.at(-1)).toBe("nothing to do: recordings have no journal of their own");
});

test("a dry run shows it and makes none", async () => {
  const { tree, shown, setUp } = siteWithGroup(true);
  await enable(setUp, alice, "shell", true);
  expect(shown).toEqual(
    expect.arrayContaining([`would write ${socketDropIn}:`, "would make systemd read its configuration anew"]),
  );
  expect(filesOf(tree, "/etc/systemd")).toEqual({});
});

test("where others could write to it all is taken back", async () => {
  const { tree, setUp } = siteWithGroup();
  tree.write("/socket-mode", "666");
  const before = stateOf(tree);
  await expect(enable(setUp, alice, "shell", true)).rejects.toThrow("is not root:rec with mode 0660; everything is");
  expect(stateOf(tree)).toEqual(before);
  expect(filesOf(tree, "/etc/systemd")).toEqual({});
  expect(existsSync(join(tree.root, ownJournalFile))).toBe(false);
  expect(existsSync(join(tree.root, "run/systemd/journal.rec-session"))).toBe(false);
});

test.each<[string, (tree: SiteTree) => void]>([
  ["this systemd has no journal namespaces", ({ write }) => write("/no-namespaces", "")],
  ["there is no group rec", ({ write }) => write("/etc/group", "root:x:0:\n")],
])("it is refused where %s", async (why, spoil) => {
  const { tree, setUp } = siteWithGroup();
  spoil(tree);
  await expect(enable(setUp, alice, "shell", true)).rejects.toThrow(why);
});

test.each<[string, (tree: SiteTree) => void, RegExp]>([
  [
    "a socket for everyone",
    (tree) => tree.write("/run/systemd/journal.rec-session/dev-log", "", 0o666),
    /^problem: .* to write to: \/run\/systemd\/journal\.rec-session\/dev-log is not root:rec .* -> recctl enable --own-journal$/,
  ],
  [
    "nobody who listens",
    (tree) => void tree.host.run("systemctl", "stop", "systemd-journald@rec-session.service"),
    /^problem: .* systemd-journald@rec-session.socket does not listen -> /,
  ],
  [
    "a drop-in of ours that is not as it was",
    (tree) => tree.write(socketDropIn, ""),
    /^problem: what sets the recordings' own journal up has changed: .*socket\.d\/rec-session\.conf -> /,
  ],
  [
    "a recorder that is told another place",
    (tree) => tree.write("/etc/rec-session/rec-session.conf", '{"journal": {"namespace": "x"}}'),
    /^problem: .*: recordings do not go to .* \(journal.namespace is x\) -> sed -i /,
  ],
  [
    "a recorder that writes to no journal",
    (tree) => tree.write("/etc/rec-session/rec-session.conf", '{"writer": "folder"}'),
    /^problem: .*: recordings do not go to .* \(writer is folder\) -> sed -i /,
  ],
  [
    "a journal that is kept in memory",
    (tree) => tree.write("/etc/systemd/journald@rec-session.conf.d/zz.conf", "[Journal]\nStorage=volatile\n"),
    /^problem: journald keeps everything in memory .* > \/etc\/systemd\/journald@rec-session\.conf\.d\/zz_Storage\.conf && systemctl restart systemd-journald@rec-session$/,
  ],
])("the doctor tells of %s", async (_, spoil, expected) => {
  const { tree, setUp } = siteWithGroup();
  await enable(setUp, alice, "shell", true);
  expect(await ills(tree)).toEqual([]);
  spoil(tree);
  await expect.poll(async () => await ills(tree)).toEqual([expect.stringMatching(expected)]);
});

test("how far it reaches back is told against its own beginning", async () => {
  const { tree, setUp } = siteWithGroup();
  await enable(setUp, alice, "shell", true);
  const nowMs = Date.now();
  const levels = (beginsMs: number): string[] =>
    journalReachFindings(tree.host, beginsMs, nowMs, String).map(({ level, sentence }) => `${level}: ${sentence}`);
  expect(levels(nowMs + 30_000)).toEqual([expect.stringMatching(/^well: the journal rec-session reaches back/)]);
  expect(levels(nowMs + 120_000)).toEqual([expect.stringMatching(/^warning: .*what recorded users have shown \(/)]);
});
