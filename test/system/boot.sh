#!/bin/sh
# boot.sh IMAGE NAME: boots a copy of the image and prints the process id of its init, again each time it boots anew. All that it makes lives in memory and in a
# mount namespace of its own, and goes when stdin is closed: however the test ends, nothing is left.
set -eu
image=$1 name=$2
if [ "${3-}" != inside ]; then exec unshare --mount --propagation private "$0" "$image" "$name" inside; fi

# A systemd takes its whole control group for its own: two of them must not share one.
hierarchies=
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -e "$hierarchy/cgroup.procs" ] || continue
  mkdir "$hierarchy/$name"
  echo $$ > "$hierarchy/$name/cgroup.procs"
  hierarchies="$hierarchies $hierarchy"
done

scratch=$(dirname "$image")/scratch
mkdir -p "$scratch"
mount -t tmpfs -o mode=755,size=12g tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay -o "lowerdir=$image,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$scratch/root"

# Until the test lets go, or the machine goes down by itself.
exec 3<&0
pid_file=$scratch/leader
(cat <&3 >/dev/null; kill -KILL "$(cat "$pid_file")") 2>/dev/null &
watch=$!

status=133 # what nspawn says when its machine wants to be booted again
while [ $status = 133 ]; do
  systemd-nspawn --quiet --directory="$scratch/root" --machine="$name" --boot --register=no --keep-unit --private-network \
    --resolv-conf=off --timezone=off --link-journal=no --system-call-filter=pidfd_getfd </dev/null >"$scratch/console" 2>&1 &
  nspawn=$!
  leader=
  while [ -z "$leader" ] || [ "$(cat "/proc/$leader/comm" 2>/dev/null)" != systemd ]; do
    kill -0 $nspawn || { cat "$scratch/console" >&2; exit 1; }
    sleep 0.05
    leader=$(cut -d' ' -f1 "/proc/$nspawn/task/$nspawn/children")
  done
  echo "$leader" > "$pid_file"
  echo "$leader"
  status=0
  wait $nspawn || status=$?
done

kill $watch 2>/dev/null || true
for hierarchy in $hierarchies; do
  echo $$ > "$hierarchy/cgroup.procs"
  find "$hierarchy/$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
done
