#!/usr/bin/env sh
# Installs and compiles what is missing, then starts the gateway.
set -eu
cd "$(dirname "$0")"

if ! command -v node >/dev/null 2>&1; then
  echo 'droid2api needs Node.js 20.19 or newer: https://nodejs.org' >&2
  exit 1
fi
if [ ! -d node_modules ]; then
  npm ci --no-audit --no-fund
fi
node scripts/build-if-stale.mjs
# No npm in between: signals must reach the process that lets running streams end.
exec node dist/main.js
