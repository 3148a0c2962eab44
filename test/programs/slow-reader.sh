#!/bin/sh
# Reads $1 bytes from a raw terminal into $2, slowly: in small pieces with a rest between.
stty raw -echo
echo ready
left=$1
: >"$2"
while [ "$left" -gt 0 ]; do
  before=$(stat -c %s "$2")
  dd bs=20000 count=1 status=none >>"$2"
  left=$((left - $(stat -c %s "$2") + before))
  sleep 0.003
done
