#!/bin/sh
# What the golden imports show: text, colours, wide characters, one split between two writes, bytes that are no text, an echo, exit status 3.
printf 'plain \033[31mred\033[m größe 日本 👍\n'
printf '\360\237'
sleep 0.15
printf '\230\200 split\n'
printf 'not text: \377\376 \303(\n'
sleep 0.2
printf 'name? '
read -r name
printf 'hello %s\n' "$name"
sleep 0.2
exit 3
