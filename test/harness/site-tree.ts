/** A host in a folder: its files, and shell scripts in the place of the programs that would change this machine. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { Host } from "../../src/site/host.ts";

/** Every program is found with the tree in $R. SSSD "runs" while the file running is there; then it serves whom its drop-in names. */
const programs: Readonly<Record<string, string>> = {
  getent: `
database=$1; shift; source=all
[ "$1" = -s ] && { source=$2; shift 2; }
[ "\${1-}" = -- ] && shift
[ $# = 0 ] && exec cat $R/etc/$database
line=$(grep "^$1:" $R/etc/$database) || [ $source != files ] && [ "$line" ] || exit 2
recorded() { case $1 in root|*@*) return 1;; esac; [ -e $R/running ] && grep -qsE "^scope = all|^users = (.*, )?$1(,|$)" $R/etc/sssd/conf.d/zz-rec-session.conf &&
  ! grep -qsE "^exclude_users = (.*, )?$1(,|$)" $R/etc/sssd/conf.d/zz-rec-session.conf; }
[ $source = sss ] && [ ! -e $R/running ] && exit 2
if [ $database = passwd ] && [ $source != files ] && recorded "$1" && grep -q '^passwd: *sss' $R/etc/nsswitch.conf; then
  line="\${line%:*}:/usr/bin/tlog-rec-session"
fi
echo "$line"`,
  id: `for last; do :; done; grep -E ":([^:]*,)?$last(,|$)" $R/etc/group | cut -d: -f1 | tr '\\n' '\\0'`,
  usermod: `sed -i "s|^\\($4:.*:\\)[^:]*$|\\1$2|" $R/etc/passwd`,
  systemctl: `
echo "$@" >> $R/systemctl.log
own=run/systemd/journal.rec-session
case "$1 $2" in
  "cat systemd-journald@.socket") [ ! -e $R/no-namespaces ];;
  "is-active systemd-journald@rec-session.socket") [ -e $R/$own ];;
  "start systemd-journald@rec-session.socket") mkdir -p $R/$own; for name in socket stdout dev-log; do touch $R/$own/$name
    chgrp $(grep ^rec: $R/etc/group | cut -d: -f3) $R/$own/$name; chmod $(cat $R/socket-mode 2>/dev/null || echo 660) $R/$own/$name; done;;
  "stop systemd-journald@rec-session.service") rm -rf $R/$own;;
  "is-active sssd.service") [ -e $R/running ];;
  "is-active nscd.service") exit 3;;
  "start sssd.service") [ ! -e $R/broken ] && touch $R/running || { echo "Job for $2 failed." >&2; exit 1; };;
  "stop sssd.service") rm -f $R/running;;
esac`,
  findmnt: `echo "/ $(cat $R/mount-options 2>/dev/null || echo rw,relatime)"`,
  sss_cache: "",
  sssctl: "",
  sshd: `
[ ! -e $R/refusing ] || { echo "bad configuration" >&2; exit 255; }
[ "$1" = -T ] || exit 0
D=$R/etc/ssh/sshd_config.d
[ -e $R/deaf ] && D=/nowhere
user=\${3#user=}
if grep -qsE "^Match User (.*,)?\${user%%,*}(,|$)" $D/rec-session.conf; then echo "forcecommand /usr/bin/rec-session --ssh-command"; fi
if grep -qs "^PermitUserRC no" $D/00-rec-session-rc.conf; then echo "permituserrc no"; else echo "permituserrc yes"; fi`,
};

const recorder = "#!/bin/sh\necho rec-session 0.0.0\n";

const files: Readonly<Record<string, string>> = {
  "/etc/nsswitch.conf":
    "# as installed\npasswd:         files systemd sss\ngroup:          files systemd\nhosts: files dns\n",
  "/etc/passwd":
    "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:\n",
  "/etc/group": "root:x:0:\noperators:x:50:bob\n",
  "/etc/shells": "/bin/sh\n/bin/bash\n/usr/bin/tlog-rec-session\n",
  "/usr/sbin/sssd": "",
  "/usr/lib/x86_64-linux-gnu/libnss_sss.so.2": "",
  "/usr/lib/x86_64-linux-gnu/security/pam_sss.so": "",
  "/usr/lib/x86_64-linux-gnu/sssd/libsss_proxy.so": "",
  "/usr/bin/rec-session": recorder,
  "/usr/bin/tlog-rec-session": recorder,
  "/usr/lib/rec-session/witness": "",
  "/etc/rec-session/rec-session.conf": "{\n  // as installed\n}\n",
};

export interface SiteTree {
  readonly root: string;
  readonly host: Host;
  write(path: string, text: string, mode?: number): void;
}

/** With SSSD installed, alice and bob, and nobody recorded. It goes with the test. */
export function siteTree(): SiteTree {
  const root = mkdtempSync(join(tmpdir(), "rec-site-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  };
  for (const [path, text] of Object.entries(files)) write(path, text, text === recorder ? 0o755 : 0o644);
  write("/bin/bash", "", 0o755);
  for (const [name, text] of Object.entries(programs))
    write(`/programs/${name}`, `#!/bin/sh\nR=${root}\n${text}\n`, 0o755);
  return { root, host: new Host(root, `${root}/programs:/usr/bin:/bin`), write };
}
