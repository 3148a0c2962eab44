/** Our product in a guest, from its packages, with every login recorded but that of one user. */
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Guest } from "./guest.ts";

const packages = join(dirname(dirname(import.meta.dirname)), "build/packages");

/** Whom SSSD leaves alone: what a session is like without us. */
export const unrecorded = "plain";

/** As README says: from the files of the packages, in one command. */
export async function installProduct(guest: Guest): Promise<void> {
  copyPackages(guest);
  await guest.run("apt-get install -y ./*.deb");
}

/** Into the home folder of root. */
export function copyPackages(guest: Guest): void {
  const files = existsSync(packages) ? readdirSync(packages).filter((name) => name.endsWith(".deb")) : [];
  if (files.length !== 2)
    throw new Error(`${packages} holds ${files.length} packages, not 2: npm run package makes them`);
  for (const name of files) copyFileSync(join(packages, name), guest.path(`/root/${name}`));
}

export async function enableRecording(guest: Guest): Promise<void> {
  await guest.run(["recctl", "enable", "--all", "--exclude-user", unrecorded]);
}
