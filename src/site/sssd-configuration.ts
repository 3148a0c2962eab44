/** What the site itself says to SSSD: everything but our drop-in. */
import type { Host } from "./host.ts";
import { isTrue, listOf, parseIni, type Sections } from "./ini.ts";
import type { Scope } from "./scope.ts";
import { scopeOfSection, sssdDropIn, sssdFolder } from "./sssd-drop-in.ts";

const mainFile = "/etc/sssd/sssd.conf";

export interface SssdConfiguration {
  /** Some file of the site's is there: SSSD has work also without us. */
  readonly isThere: boolean;
  /** A domain of the site's serves the users of /etc/passwd. */
  readonly servesLocal: boolean;
  readonly hasServices: boolean;
  /** A file of the site's that decides who is recorded, against or before ours. */
  readonly otherScope: OtherScope | undefined;
}

export interface OtherScope {
  readonly file: string;
  /** The word that it says. */
  readonly scope: string;
  /** Whom that means, with what other files of the site's say. */
  readonly whom: Scope;
}

/** Throws REC_FILE_READ: only root may read these files. */
export function readSssdConfiguration(host: Host): SssdConfiguration {
  const names = host.names(sssdFolder).filter((name) => name.endsWith(".conf") && !name.startsWith("."));
  const paths = [mainFile, ...names.map((name) => `${sssdFolder}/${name}`)];
  const others = paths
    .filter((path) => path !== sssdDropIn)
    .flatMap((path) => {
      const bytes = host.bytes(path);
      return bytes === undefined ? [] : [{ path, sections: parseIni(bytes.toString()) }];
    });
  const all = merged(others.map(({ sections }) => sections));
  const isLater = (path: string): boolean => path !== mainFile && path > sssdDropIn;
  const scoped = others
    .map(({ path, sections }) => ({ file: path, scope: sections.get("session_recording")?.get("scope") ?? "" }))
    // One that says none is overruled by ours where it comes first.
    .find(({ file, scope }) => scope !== "" && (scope !== "none" || isLater(file)));
  return {
    isThere: others.length > 0,
    servesLocal: isTrue(all.get("sssd")?.get("enable_files_domain")) || domainsOf(all).some(isOfFiles),
    hasServices: listOf(all.get("sssd")?.get("services")).length > 0,
    otherScope: scoped === undefined ? undefined : { ...scoped, whom: scopeOfSection(all.get("session_recording")) },
  };
}

type Section = ReadonlyMap<string, string>;

/** The domains that are on, by sssd.conf(5): as they say themselves, else those of the list. */
function domainsOf(all: Sections): Section[] {
  const listed = listOf(all.get("sssd")?.get("domains"));
  return [...all]
    .filter(([name, keys]) => {
      const domain = /^domain\/([^/]+)$/.exec(name)?.[1];
      const own = keys.get("enabled");
      return domain !== undefined && (own === undefined ? listed.includes(domain) : isTrue(own));
    })
    .map(([, keys]) => keys);
}

function isOfFiles(domain: Section): boolean {
  const provider = domain.get("id_provider");
  return provider === "files" || (provider === "proxy" && domain.get("proxy_lib_name") === "files");
}

function merged(files: readonly Sections[]): Sections {
  const all = new Map<string, Map<string, string>>();
  for (const sections of files) {
    for (const [name, keys] of sections) all.set(name, new Map([...(all.get(name) ?? []), ...keys]));
  }
  return all;
}
