/** What a change would do, in words and lines: for --dry-run. */
import type { Change, FileChange, Service } from "./change.ts";
import { isEmpty } from "./change.ts";
import type { Host } from "./host.ts";

const readers: Readonly<Record<Service, string>> = { sssd: "sssd", sshd: "sshd", "own-journal": "systemd" };

/** Lines without line feeds; what stands in files is not escaped yet. */
export function previewOf(host: Host, change: Change): string[] {
  if (isEmpty(change)) return ["would change nothing"];
  const { files, logins, services } = change;
  return [
    ...files.flatMap((file) => ofFile(host, file)),
    ...logins.map(({ user, from, to }) => `would change the login shell of ${user} from ${from || "none"} to ${to}`),
    ...services.map((service) => `would make ${readers[service]} read its configuration anew`),
  ];
}

function ofFile(host: Host, { path, content }: FileChange): string[] {
  const before = host.bytes(path)?.toString().split("\n") ?? [];
  if (content === null) return [`would remove ${path}`];
  const after = content.toString().split("\n");
  if (after.at(-1) === "") after.pop();
  if (before.length === 0) return [`would write ${path}:`, ...after.map((line) => `  ${line}`.trimEnd())];
  // Files of a few lines, in which order hardly matters: what is gone, then what is new.
  const gone = before.filter((line) => line !== "" && !after.includes(line));
  const made = after.filter((line) => line !== "" && !before.includes(line));
  return [`would change ${path}:`, ...gone.map((line) => `  -${line}`), ...made.map((line) => `  +${line}`)];
}
