/** The copyright file: our licence, then in full those of what we ship of others: the packages in the bundles, and Node. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, template } from "./package-release.ts";

/** Packages that do not carry their licence; the text is in packaging/licences. */
const kept: Readonly<Record<string, string>> = { "@xterm/headless": "xterm" };

export function copyright(): string {
  const bundled = JSON.parse(readFileSync(join(root, "build/bundled.json"), "utf8")) as string[];
  const parts = [
    template("copyright"),
    ...bundled.map((name) => part(name, `parts of ${name}, in the programs of /usr/lib/rec-session`)),
    part(`node-linux-${process.arch}`, "Node.js, /usr/lib/rec-session/node"),
  ];
  return parts.join("\n");
}

function part(name: string, what: string): string {
  const folder = join(root, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const own = kept[name] === undefined ? join(folder, "LICENSE") : join(root, "packaging/licences", kept[name]);
  if (!existsSync(own)) throw new Error(`${name} has no ${own}, which must go with it: put it into packaging/licences`);
  const rule = "-".repeat(78);
  return `${rule}\n${what}, version ${version}:\n\n${readFileSync(own, "utf8").trimEnd()}\n`;
}
