#!/usr/bin/env bash
# Makes .venv and installs the locked requirements and Luoshi itself (editable).
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"

say() { printf 'setup: %s\n' "$*" >&2; }

command -v "$python" >/dev/null || {
  say "there is no '$python'. Install Python 3.11 or newer, or name it: make setup PYTHON=/path/to/python3"
  exit 3
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  say "$("$python" --version) is too old. Install Python 3.11 or newer, or name it: make setup PYTHON=python3.12"
  exit 3
}

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing python$version-venv"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv"; } >/dev/null
  else
    say "Python cannot make virtual environments. Run as root: apt-get install python$version-venv"
    exit 3
  fi
fi

[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/base.txt -r requirements/dev.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
