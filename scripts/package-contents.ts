/** What is in the packages, by path: one list for .deb and .rpm. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { copyright } from "./package-copyright.ts";
import { compressed, type Entry, type Package } from "./package-entry.ts";
import { root } from "./package-release.ts";

const build = join(root, "build");
const library = "/usr/lib/rec-session";
const documentation = "/usr/share/doc";
const completions = "/usr/share/bash-completion/completions";

/** The programs that the commands are, by their names beside rec-session, which is a file of its own: its mode is. */
const commands = ["rec", "rec-play", "recctl"];

/** tlog's names, by ours, with the section of our manual page. */
const tlogNames = { "tlog-rec": "rec", "tlog-rec-session": "rec-session", "tlog-play": "rec-play" };

/** Drop-ins and samples, by the folder of the checkout that they are in. */
const sampleFolders = ["nsswitch", "pam", "sshd", "sssd"];

export const recorder: Package = {
  name: "rec-session",
  entries: [
    ...programs(),
    ...["rec.conf", "rec-play.conf", "rec-session.conf"].map((name) =>
      file(`/etc/rec-session/${name}`, `packaging/${name}`),
    ),
    { ...file(`${library}/may-remove`, "packaging/system/may-remove"), mode: 0o755 },
    file("/usr/lib/sysusers.d/rec-session.conf", "packaging/system/sysusers.conf"),
    file("/usr/lib/tmpfiles.d/rec-session.conf", "packaging/system/tmpfiles.conf"),
    ...manPages(),
    ...readdirSync(join(root, "packaging/completion")).map((name) =>
      file(`${completions}/${name}`, `packaging/completion/${name}`),
    ),
    ...documents(),
    { path: `${documentation}/rec-session/copyright`, mode: 0o644, content: copyright() },
    ...samples(),
  ],
};

export const tlog: Package = {
  name: "rec-session-tlog",
  entries: [
    { path: "/etc/tlog", isFolder: true },
    file(`${documentation}/rec-session-tlog/copyright`, "packaging/copyright"),
    ...Object.entries(tlogNames).flatMap(([name, own]): Entry[] => [
      { path: `/usr/bin/${name}`, target: own },
      { path: `${completions}/${name}`, target: own },
    ]),
    ...readdirSync(join(root, "docs/man")).flatMap((page) => tlogPage(page)),
  ],
};

function programs(): Entry[] {
  const scripts = readdirSync(build).filter((name) => /\.(c?js|cache)$/.test(name));
  const machineCode = (path: string, from: string, mode = 0o755): Entry => {
    return { path, mode, from: realpathSync(join(build, from)), isMachineCode: true };
  };
  return [
    // The bit that gives it the group is set where the group is known: on the host.
    machineCode("/usr/bin/rec-session", "launcher-packaged"),
    machineCode(`${library}/launcher`, "launcher-packaged"),
    // The same of the bit that makes it root's.
    machineCode(`${library}/witness`, "witness"),
    ...commands.map((name): Entry => ({ path: `/usr/bin/${name}`, target: "../lib/rec-session/launcher" })),
    machineCode(`${library}/node`, "node"),
    machineCode(`${library}/addon.node`, "addon.node", 0o644),
    ...scripts.map((name) => ({ path: `${library}/${name}`, mode: 0o644, from: join(build, name) })),
  ];
}

function manPages(): Entry[] {
  return readdirSync(join(root, "docs/man")).map((page) => ({
    path: manPath(page),
    mode: 0o644,
    content: compressed(readFileSync(join(root, "docs/man", page))),
  }));
}

function manPath(page: string): string {
  return `/usr/share/man/man${page.at(-1)}/${page}.gz`;
}

function tlogPage(page: string): Entry[] {
  return Object.entries(tlogNames)
    .filter(([, own]) => page.replace(/(\.conf)?\.\d$/, "") === own)
    .map(([name, own]) => ({ path: manPath(page.replace(own, name)), target: `${page}.gz` }));
}

function documents(): Entry[] {
  const folder = `${documentation}/rec-session`;
  const pages = readdirSync(join(root, "docs")).filter((name) => /\.(md|json)$/.test(name));
  return [
    file(`${folder}/README.md`, "README.md"),
    ...pages.map((name) => file(`${folder}/docs/${name}`, `docs/${name}`)),
    { path: `${folder}/changelog.gz`, mode: 0o644, content: compressed(readFileSync(join(root, "CHANGELOG.md"))) },
  ];
}

function samples(): Entry[] {
  const folders = sampleFolders.filter((folder) => existsSync(join(root, folder)));
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) =>
      file(`/usr/share/rec-session/${folder}/${name}`, `${folder}/${name}`),
    ),
  );
}

function file(path: string, from: string) {
  return { path, mode: 0o644, from: join(root, from) } as const;
}
