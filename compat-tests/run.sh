#!/usr/bin/env bash
# The compatibility matrix: every client library through every scenario. See ./compat-tests/run.sh --help.
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/install.sh

case ${1:-} in
  --help | -h)
    cat <<'TEXT'
Usage: ./compat-tests/run.sh [filter...] [--diagonal] [--check] [--list]

Installs what is missing (client libraries as the lock files say, Chromium, Firefox, Mono), builds what is needed, runs the
clients of compat-tests/Matrix/clients through the scenarios of compat-tests/Matrix/scenarios.json, and writes
docs/compatibility.md and docs/compatibility.json. Fails when a cell is worse than the committed docs/compatibility.json says, or
worse than on the server itself.

  filter      words that the name of a run must contain: core-js 10.0.11 webSockets core redirect
  --diagonal  one run of each client, with transports, app servers and ways in turn
  --check     write nothing
  --list      only list the runs
TEXT
    exit 0
    ;;
esac

need_dotnet
need_node
need_chromium
need_firefox
need_mono
need_npm_packages compat-tests/clients/js
export CHROMIUM FIREFOX DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

# Whoever has built Gateway.sln already says so.
if [ -z "${MATRIX_IS_BUILT:-}" ]; then
  say 'Building compat-tests/Matrix'
  mkdir -p artifacts
  dotnet build compat-tests/Matrix -c Release --nologo -v quiet >artifacts/matrix-build.log 2>&1 || {
    cat artifacts/matrix-build.log >&2
    fail 'the build failed; nothing was run'
  }
fi

exec dotnet compat-tests/Matrix/bin/Release/net10.0/Tandem.Compat.Matrix.dll "$@"
