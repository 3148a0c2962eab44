/** Whether the file or the folder that the configuration names takes the recordings of everyone, and of nobody else. */
import type { Stats } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { shellWord } from "../../shell-word.ts";
import type { Host } from "../host.ts";
import { recorderGroup } from "../recorder-group.ts";
import { decide, type Finding, problem, well } from "./finding.ts";
import { placeOfOption } from "./setting.ts";
import type { RecorderSettings } from "./settings.ts";

/** The recorder writes with its user's uid and the group rec: that group has to have the right, and others none. */
export async function placeFindings(host: Host, from: string, settings: RecorderSettings): Promise<Finding[]> {
  const gid = await recorderGroup(host);
  const isUsed = (writer: string): boolean =>
    settings.writer.includes(writer) || settings["fallback-writer"] === writer;
  const findings: Finding[] = [];
  const { "file.path": file, "folder.path": folder } = settings;
  if (isUsed("file") && file !== undefined) findings.push(placeFinding(host, from, aFile, file, gid));
  if (isUsed("folder") && folder !== undefined) findings.push(placeFinding(host, from, aFolder, folder, gid));
  return findings;
}

interface Place {
  readonly noun: "file" | "folder";
  /** Rights that the group rec must have. */
  readonly needed: number;
  /** Rights that others must not have. */
  readonly forbidden: number;
  /** Makes it as it should be; the path is a word of the shell. */
  readonly cure: (path: string) => string;
}

const aFile: Place = {
  noun: "file",
  needed: 0o020,
  forbidden: 0o006,
  cure: (path) => `mkdir -p ${dirname(path)} && touch ${path} && chown root:rec ${path} && chmod 660 ${path}`,
};

const aFolder: Place = {
  noun: "folder",
  needed: 0o030,
  forbidden: 0o007,
  cure: (path) => `install -d -o root -g rec -m 3770 ${path}`,
};

function placeFinding(host: Host, from: string, place: Place, path: string, gid: number | undefined): Finding {
  const { noun, needed, forbidden } = place;
  const cure = place.cure(shellWord(path));
  const said = placeOfOption(host, from, `${noun}.path`);
  const named = `${from}: ${noun}.path is ${path}`;
  if (!isAbsolute(path))
    return problem(`${named}, which is another place for every session`, decide(said, "name it from / on"));
  const details = host.details(path);
  if (details === undefined) {
    return problem(
      `${named}, which is not there: who comes first would own it, and nobody else could be recorded`,
      cure,
    );
  }
  if (details.isDirectory() !== (noun === "folder")) {
    return problem(`${named}, which is ${details.isDirectory() ? "a" : "no"} folder`, decide(said, `name a ${noun}`));
  }
  return rightsFinding({ named, details, gid, needed, forbidden, cure }) ?? wayFinding(host, named, path, gid);
}

interface Rights {
  readonly named: string;
  readonly details: Stats;
  readonly gid: number | undefined;
  /** What the group must be able to do. */
  readonly needed: number;
  /** What others must not. */
  readonly forbidden: number;
  readonly cure: string;
}

function rightsFinding({ named, details, gid, needed, forbidden, cure }: Rights): Finding | undefined {
  if ((details.mode & forbidden) !== 0 || details.uid !== 0) {
    return problem(`${named}, where users can reach each other's recordings`, cure);
  }
  if (details.gid === gid && (details.mode & needed) === needed) return undefined;
  return problem(
    `${named}, where recorders (group rec) may not write: sessions are recorded elsewhere or refused`,
    cure,
  );
}

/** Every folder on the way is one that recorders come through. */
function wayFinding(host: Host, named: string, path: string, gid: number | undefined): Finding {
  for (let folder = dirname(path); folder !== "/"; folder = dirname(folder)) {
    const details = host.details(folder);
    if (details === undefined) break;
    const isOpen = (details.mode & 0o001) !== 0 || (details.gid === gid && (details.mode & 0o010) !== 0);
    if (!isOpen)
      return problem(`${named}, but recorders may not come through ${folder}`, `chmod a+x ${shellWord(folder)}`);
    if (details.uid !== 0)
      return problem(`${named}, but ${folder} is not root's`, `chown root:root ${shellWord(folder)}`);
  }
  return well(`${named}, where recorders may write`);
}
