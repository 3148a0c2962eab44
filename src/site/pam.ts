/** PAM's stacks, with what they include. pam.conf(5) */
import type { Host } from "./host.ts";

const folder = "/etc/pam.d";
/** A stack that includes itself has no end. */
const maxDepth = 16;

/** Whether the module is in the session stack of the service. */
export function isInSession(host: Host, service: string, module: string, depth = 0): boolean {
  if (depth > maxDepth) return false;
  const text = (host.text(`${folder}/${service}`) ?? "").replaceAll("\\\n", " ");
  return text.split("\n").some((line) => {
    const words = (line.split("#")[0] ?? "").match(/\[[^\]]*\]|\S+/g) ?? [];
    const [type = "", control = "", what = ""] = words;
    if (type === "@include") return isInSession(host, control, module, depth + 1);
    if (type.replace(/^-/, "") !== "session") return false;
    if (control === "include" || control === "substack") return isInSession(host, what, module, depth + 1);
    return what === module || what.endsWith(`/${module}`);
  });
}
