/** What both packages and both formats say of themselves: version, time, maintainer, architecture. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { versionDate } from "../src/version.ts";

export const root = dirname(import.meta.dirname);

export const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** The packaging's own count, for a package that changes while the program does not. */
export const revision = "1";

export const maintainer = "rec-session maintainers <maintainers@rec-session.example>";

/** Seconds since 1970 that everything in the packages is dated with: what the environment says, else the last commit's. */
export const epoch: number = Number(process.env["SOURCE_DATE_EPOCH"] ?? committed() ?? Date.parse(versionDate) / 1000);

function committed(): string | undefined {
  // A copy of the sources need not be a checkout.
  const { status, stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

export const debVersion = `${version}-${revision}`;

const architectures = {
  x64: { deb: "amd64", rpm: "x86_64" },
  arm64: { deb: "arm64", rpm: "aarch64" },
};

export const architecture = architectures[process.arch as keyof typeof architectures];

/** A template of packaging/, with what stands between @ and @ filled in. */
export function template(path: string, values: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = {
    UPSTREAM: version,
    REVISION: revision,
    VERSION: debVersion,
    MAINTAINER: maintainer,
    DATE: new Date(epoch * 1000).toUTCString().replace("GMT", "+0000"),
    ...values,
  };
  const text = readFileSync(join(root, "packaging", path), "utf8");
  return text.replaceAll(/@([A-Z]+)@/g, (name, key: string) => all[key] ?? name);
}

/** A function of both packages' scripts that run when they are gone, and so can run no file of theirs. */
export const removeOwnJournal = template("system/remove-own-journal").trimEnd();
