/** The password file itself: where SSSD hands out the recorder as everybody's shell, the real one stands only here. */
import { readFileSync } from "node:fs";

/** The user's shell by /etc/passwd; undefined where it has no line for him or cannot be read. passwd(5). */
export function shellInPasswd(user: string, path = "/etc/passwd"): string | undefined {
  try {
    const line = readFileSync(path, "utf8")
      .split("\n")
      .find((text) => text.startsWith(`${user}:`));
    return line?.split(":")[6];
  } catch {
    return undefined;
  }
}
