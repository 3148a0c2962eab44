/** The command that brings a package: Debian's way, or where there is no dpkg but dnf, Fedora's and Red Hat's. */
import type { Host } from "./host.ts";

/** For packages that may be there already, and are left as they are. */
export function installing(host: Host, names: readonly string[]): string {
  return isDnf(host) ? `dnf install ${names.join(" ")}` : `apt-get install ${names.join(" ")}`;
}

/** With all its files as they were, whether it is there or not; what the site wrote in its configuration stays. */
export function reinstalling(host: Host, name: string): string {
  return isDnf(host) ? `dnf reinstall ${name} || dnf install ${name}` : `apt-get install --reinstall ${name}`;
}

/** As `reinstalling`, with the configuration that is missing, which dpkg takes for the site's wish. */
export function restoringConfiguration(host: Host, name: string): string {
  return isDnf(host)
    ? reinstalling(host, name)
    : `apt-get install --reinstall -o Dpkg::Options::=--force-confmiss ${name}`;
}

export function isDnf(host: Host): boolean {
  return host.details("/usr/bin/dpkg") === undefined && host.details("/usr/bin/dnf") !== undefined;
}
