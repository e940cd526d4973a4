#!/usr/bin/env bash
# Packs the product, installs it elsewhere without running any install script, and uses it once.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$root"
tarball=$(npm pack --silent --pack-destination "$place")
cd "$place"
npm init -y >/dev/null
npm install --ignore-scripts --no-fund --no-audit --silent "./$tarball"
export TACT_HOME="$place/home" PATH="$root/node_modules/node/bin:$PATH"
tact=node_modules/.bin/tact
"$tact" --version
"$tact" demo --prepare-only
answer=$("$tact" ask 'How many open deals do we have?' --workspace cobalt --json)
printf '%s\n' "$answer"
printf '%s' "$answer" | grep -q '"status":"answered"'
"$tact" doctor --json
