#!/usr/bin/env bash
# Makes the golden recordings of other programs anew, with the real programs: as root, in a mount namespace of its own, for sudo's
# configuration. asciicast v1 and v3 are written by hand from their specifications, as Debian's asciinema makes v2 alone.
set -euo pipefail
cd "$(dirname "$0")"
export LANG=C.UTF-8 TERM=xterm SHELL=/bin/sh PATH=/usr/bin:/bin:/usr/sbin

if [ "${1:-}" != inside ]; then
  exec unshare -m ./make.sh inside
fi

# A terminal of 80x24, which becomes 100x30 soon after, and one line typed into it.
on_terminal() {
  (sleep 1.2; echo typed; sleep 0.8) |
    script -qec "stty rows 24 cols 80; (sleep 0.5; stty -F /dev/tty rows 30 cols 100) & $1" /dev/null >/dev/null || true
}

rm -rf asciicast-v2.cast ttyrec.ttyrec script-* sudo-*
on_terminal "asciinema rec -q --stdin -t 'a \"title\"' -c ./program.sh asciicast-v2.cast"
on_terminal "ttyrec -e ./program.sh ttyrec.ttyrec"

mkdir script-classic script-advanced script-io
on_terminal "script -qe -c ./program.sh --log-timing script-classic/timing --logging-format classic --log-out script-classic/typescript"
on_terminal "script -qe -c ./program.sh --log-timing script-advanced/timing --log-out script-advanced/typescript --log-in script-advanced/input"
on_terminal "script -qe -c ./program.sh --log-timing script-io/timing --log-io script-io/typescript"

sudoers=$(mktemp)
log() {
  printf 'Defaults log_output, log_input, iolog_dir=%s, iolog_file=log, %s\nroot ALL=(ALL) NOPASSWD: ALL\n' "$PWD/$1" "$2" >"$sudoers"
  chmod 440 "$sudoers"
}
mount --bind "$sudoers" /etc/sudoers
log sudo-plain '!compress_io, use_pty'
on_terminal "sudo -u nobody ./program.sh"
log sudo-compressed 'compress_io, use_pty'
on_terminal "sudo -u nobody ./program.sh"
log sudo-pipes '!compress_io'
echo piped | sudo sh -c 'cat; echo error >&2; exit 4' 2>&1 | cat >/dev/null || true
rm -f "$sudoers"
for folder in sudo-*; do
  mv "$folder/log" "$folder.log" && rmdir "$folder" && mv "$folder.log" "$folder"
  chmod -R u=rwX,go=rX "$folder"
done
