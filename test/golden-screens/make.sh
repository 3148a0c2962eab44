#!/bin/bash
# Records real programs anew: make.sh [NAME...]. Wants tmux, vim, htop, less and a built tree; the results differ from time to time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rec=$here/../../bin/rec
work=$(mktemp -d)
server=golden-$$
trap 'tmux -L "$server" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT

# record NAME COLUMNS ROWS COMMAND: in a terminal of that size; keys and resizes follow.
record() {
  name=$1
  tmux -L "$server" -f /dev/null new-session -d -x "$2" -y "$3" \
    "cd '$work' && exec env -i PATH='$PATH' HOME='$work' LANG=C.UTF-8 TERM=xterm-256color '$rec' -o '$work/$name.jsonl' -- $4"
  sleep 1
}
keys() { for key in "$@"; do tmux -L "$server" send-keys -- "$key"; sleep 0.15; done; }
size() { tmux -L "$server" resize-window -x "$1" -y "$2"; sleep "${3:-0.05}"; }
finish() {
  while tmux -L "$server" has-session 2>/dev/null; do sleep 0.1; done
  # What a recording tells of the machine that it was made on is of no use here.
  sed -E 's/"host":"[^"]*"/"host":"vm"/; s/"cwd":"[^"]*"/"cwd":"\/"/' "$work/$name.jsonl" >"$here/$name.jsonl"
}

vim_() {
  cp "$here/make.sh" "$work/file.sh"
  record vim 90 28 "vim -u NONE -c 'syntax on' -c 'set number hlsearch incsearch ruler showcmd wildmenu title' file.sh"
  keys G o "größe 漢字 ✅ text" Escape yy 5p gg /rec Enter n n :vsplit Enter C-f C-f C-w l C-d V j j j '>' u :help Enter C-f :q Enter
  keys ':%s/e/E/g' Enter u C-v j j l l d ':set wrap! list' Enter zt 50G zz :qa! Enter
  finish
}
htop_() {
  record htop 100 30 "unshare --pid --fork --mount-proc htop --delay=3"
  keys F5 Down Down Up t H K '/' s h Escape P M T F2 Down Down Right Down Escape
  size 60 20 1
  size 120 40 1
  keys q
  finish
}
less_() {
  for n in $(seq 400); do printf 'line %d \033[1;3%dmcoloured\033[0m 漢字 é %s\n' "$n" $((n % 8)) "$(printf 'word %.0s' $(seq $((n % 40))))"; done >"$work/text"
  record less 80 24 "less -R text"
  keys Space Space b G g /line.1 Enter n n N '?9' Enter -S Enter Right Right Left 200g F C-c d u q
  finish
}
tmux_() {
  record tmux 100 30 "tmux -L $server-inner -f /dev/null new-session 'bash --norc'"
  keys 'echo one; ls /' Enter C-b % 'seq 100' Enter C-b '"' 'printf "\033[41mred\033[m ✅ 漢\n"' Enter C-b o C-b o C-b '[' PageUp PageUp q
  keys C-b c 'while :; do date; sleep 0.1; done' Enter C-b n C-b p
  size 70 20 0.5
  keys C-b z C-b ':' 'kill-server' Enter
  finish
}
progress() {
  cat >"$work/progress.sh" <<'P'
for i in $(seq 0 2 100); do printf '\r\033[K[%-50s] %3d%% \033[32m%s\033[m' "$(printf '#%.0s' $(seq $((i / 2 + 1))))" "$i" "$(date +%N)"; sleep 0.02; done; echo
rows=$(stty size | cut -d' ' -f1)
printf '\n\0337\033[1;%dr\0338\033[1A' $((rows - 1))
for i in $(seq 60); do echo "unpacking package $i of 60 ..."; printf '\0337\033[%d;1H\033[42;30mProgress: [%3d%%]\033[K\033[m\0338' "$rows" $((i * 100 / 60)); sleep 0.02; done
printf '\0337\033[r\033[%d;1H\033[K\0338' "$rows"
tput civis; for i in $(seq 40); do printf '\r%s working' "$(printf '⠋⠙⠹⠸⠼⠴' | cut -c$((i % 6 + 1)))"; sleep 0.02; done; tput cnorm; echo; dd if=/dev/zero of=/dev/null bs=64k count=60000 status=progress
P
  record progress 80 24 "bash progress.sh"
  finish
}
emoji() {
  cat >"$work/emoji.sh" <<'P'
for n in $(seq 12); do printf '%*s😀👍🏽👨‍👩‍👧🇩🇪❤️✅漢字ｶﾞe\u0301o\u0308\u0323 שלום \u200bx ﷺ한글\n' "$n" ''; done
for n in $(seq 30); do printf '漢😀e\u0301'; done; echo
printf '\033[5;10Hx\033[5;11H漢\033[5;12Hy\033[6;30H😀\033[1D\033[K\033[7;38H漢字漢字\n\033[4h\033[8;3H😀é\033[4l\033[3P\033[2@\n'
printf '\033(0lqqk\nx  x\nmqqj\033(B ✔ \033[4:3;58;5;9mcurly\033[m \033[9mstruck\033[m \033[38;2;250;100;0;48;2;0;40;80mtrue\033[m\n'
read -e -p 'typed: ' line
P
  record emoji 40 24 "bash emoji.sh"
  keys '漢字x' Left Left '😀' BSpace é Home C-k 'e\u0301nd' Enter
  finish
}
resize() {
  record resize 80 24 "bash --norc"
  keys 'for n in $(seq 60); do printf "%d:%s\n" $n "$(seq -s, $((n * 3)))"; done' Enter 'ls -C /usr/bin | head -40' Enter
  for n in $(seq 25); do size $((20 + n * 37 % 140)) $((4 + n * 13 % 45)); done
  keys 'vim -u NONE -c "set number" /etc/services' Enter
  for n in $(seq 25); do size $((15 + n * 53 % 160)) $((3 + n * 17 % 50)); done
  keys :q Enter 'echo done' Enter
  for n in $(seq 10); do size $((3 + n * 29 % 100)) $((2 + n * 7 % 30)); done
  keys exit Enter
  finish
}
shell() {
  cat >"$work/rc" <<'P'
PS0='\e]133;C\a'
PS1='\[\e]133;D;$?\a\e]133;A\a\e]0;\u: \w\a\]\$ \[\e]133;B\a\]'
P
  record shell 80 24 "bash --rcfile rc -i"
  keys 'ls --color=always /' Enter 'false' Enter 'printf "\a"' Enter 'seq 1 300' Enter 'tput reset' Enter 'man -P cat ls 2>/dev/null | head -80; tput cup 3 5; echo there' Enter
  keys 'tput smcup; echo other; sleep 0.3; tput rmcup' Enter 'stty -a' Enter C-r se Enter exit Enter
  finish
}

for name in "${@:-vim_ htop_ less_ tmux_ progress emoji resize shell}"; do for each in $name; do "$each"; done; done
