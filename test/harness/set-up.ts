/** Changes of a host in a folder: who they are for, what they tell, and what is there afterwards. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { previewOf } from "../../src/site/preview.ts";
import { nobody, type Scope } from "../../src/site/scope.ts";
import type { SetUp } from "../../src/site/set-up.ts";
import { userRcDropIn } from "../../src/site/user-rc.ts";
import { type SiteTree, siteTree } from "./site-tree.ts";

export const dropIn = "/etc/sssd/conf.d/zz-rec-session.conf";
export const alice: Scope = { ...nobody, users: ["alice"] };
export const bob: Scope = { ...nobody, users: ["bob"] };

/** A host in a folder, and what a change tells and shows of it. */
export function site(isDry = false) {
  const tree = siteTree();
  const told: string[] = [];
  const shown: string[] = [];
  const setUp: SetUp = {
    host: tree.host,
    call: [],
    isDry,
    tell: (sentence) => told.push(sentence),
    show: async (change) => void shown.push(...previewOf(tree.host, change)),
  };
  return { tree, told, shown, setUp };
}

/** Everything that counts: who gets which shell, and all files that we may touch. */
export function stateOf({ root }: SiteTree): Readonly<Record<string, string | undefined>> {
  const paths = [
    ...["/etc/nsswitch.conf", "/etc/nsswitch.conf.before-rec-session", "/etc/passwd", dropIn, "/running"],
    ...[
      "/etc/ssh/sshd_config.d/rec-session.conf",
      userRcDropIn,
      "/var/lib/rec-session/shells.json",
      "/var/lib/rec-session/undo.json",
    ],
  ];
  const read = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  return Object.fromEntries(paths.map((path) => [path, read(path)]));
}
