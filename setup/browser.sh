#!/usr/bin/env bash
# The tests drive the system's own Chromium, and look at Chinese pages: a browser and a font.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  missing+=(chromium)
{ command -v fc-list >/dev/null && fc-list ':lang=zh-cn' family | grep -q .; } || missing+=(fontconfig fonts-noto-cjk)
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  printf 'setup: the browser tests need %s. Run as root: apt-get install %s\n' "${missing[*]}" "${missing[*]}" >&2
  exit 3
fi
printf 'setup: installing %s\n' "${missing[*]}" >&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
