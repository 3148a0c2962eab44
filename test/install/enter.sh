#!/bin/sh
# enter.sh IMAGE: makes a copy of the image in memory, in a mount namespace of its own, and prints its folder. It lives until
# stdin is closed: however the test ends, nothing is left.
set -eu
image=$1
if [ "${2-}" != inside ]; then exec unshare --mount --propagation private "$0" "$image" inside; fi

scratch=$image.scratch
mkdir -p "$scratch"
mount -t tmpfs -o mode=755,size=4g tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/root"
mount -t overlay -o "lowerdir=$image,upperdir=$scratch/upper,workdir=$scratch/work" overlay "$scratch/root"
mount -t proc proc "$scratch/root/proc"
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$scratch/root/dev/pts"
ln -sf pts/ptmx "$scratch/root/dev/ptmx"
echo "$scratch/root"
cat >/dev/null
