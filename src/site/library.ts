/** Where Linux keeps shared objects: in a folder of its architecture, or in lib64. */
import type { Host } from "./host.ts";

/** The path of the object, below the folders of libraries; undefined where it is not installed. */
export function findLibrary(host: Host, name: string): string | undefined {
  const architectures = host.names("/usr/lib").filter((folder) => /-linux-gnu/.test(folder));
  const folders = ["/usr/lib64", ...architectures.map((folder) => `/usr/lib/${folder}`), "/usr/lib"];
  return folders.map((folder) => `${folder}/${name}`).find((path) => host.details(path) !== undefined);
}
