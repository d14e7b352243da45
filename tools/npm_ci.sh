#!/usr/bin/env bash
# Installs a folder's npm packages exactly as its lock file says, once for each lock file.
# Usage: tools/npm_ci.sh FOLDER. Safe to run from several builds at a time.
set -euo pipefail

cd "$1"
stamp=node_modules/.installed-lock.json
exec 9<package-lock.json
flock 9
if ! cmp --silent package-lock.json "$stamp"; then
  echo "installing the npm packages of $1" >&2
  npm ci --loglevel=error 9<&- >&2
  cp package-lock.json "$stamp"
fi
