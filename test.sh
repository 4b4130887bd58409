#!/usr/bin/env bash
# Builds everything and runs every test. See ./test.sh --help.
set -euo pipefail
cd "$(dirname "$0")"
source eng/install.sh

usage() {
  cat <<'TEXT'
Usage: ./test.sh [--filter EXPRESSION] [--help]

Installs what is missing (Node packages, Chromium, Firefox, Mono), builds Gateway.sln with warnings as errors, runs every test
project, a row of the compatibility matrix for each client library (./compat-tests/run.sh --diagonal, each cell a test of the
total) and the browser check of the demo (./run.sh --check, one test), and ends with the line

  N passed, N failed, N skipped

made from the result files in artifacts/test-results. The exit code is 0 only if the build and every test held.

  --filter EXPRESSION  run only these tests, as for 'dotnet test' (FullyQualifiedName~Routing, …); no matrix, no browser check
  --help               this text
TEXT
}

wrong_use() {
  printf 'test.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

filter=''
while [ $# -gt 0 ]; do
  case $1 in
    --filter)
      [ -n "${2:-}" ] || wrong_use '--filter needs an expression'
      filter=$2
      shift
      ;;
    --filter=?*) filter=${1#--filter=} ;;
    --help | -h) usage; exit 0 ;;
    *) wrong_use "unknown option: $1" ;;
  esac
  shift
done

readonly results=artifacts/test-results
# A test that hangs must not hang the run; the longest wait inside any test is far below this.
readonly hang_timeout=5min
passed=0 failed=0 skipped=0

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

main() {
  need_dotnet
  need_command curl curl ca-certificates
  need_node
  need_chromium
  export CHROMIUM
  need_mono
  local lock
  while read -r lock; do
    need_npm_packages "$(dirname "$lock")"
  done < <(find . -name node_modules -prune -o -name package-lock.json -printf '%P\n' | sort)

  rm -rf "$results"
  mkdir -p "$results"

  say 'Building Gateway.sln'
  dotnet build Gateway.sln -c Release --nologo -v quiet >"$results/build.log" 2>&1 || {
    grep -E 'error|warning' "$results/build.log" | sort -u >&2 || cat "$results/build.log" >&2
    fail 'the build failed; no test was run'
  }

  local project
  while read -r project; do
    run_project "$project"
  done < <(find tests compat-tests -name '*.Tests.csproj' -not -path '*/node_modules/*' 2>/dev/null | sort)
  if [ -z "$filter" ]; then
    run_matrix
    run_demo
  fi

  if [ $((passed + failed)) -eq 0 ]; then fail 'no test was run'; fi
  say "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ]
}

# One project after the other: many of them start servers and browsers, and tests of one project run side by side
# already. The assembly is handed over instead of the project, which saves evaluating and checking it again.
run_project() {
  local name code=0 started=$SECONDS assembly
  name=$(basename "$1" .csproj)
  assembly=$(find "$(dirname "$1")/bin/Release" -maxdepth 2 -name "Tandem.$name.dll" 2>/dev/null | head -n 1)
  local log=$results/$name.log trx=$results/$name.trx
  dotnet test "${assembly:-$1}" ${filter:+--filter "$filter"} --logger "trx;LogFileName=$name.trx" --results-directory "$results" \
    --blame-hang-timeout "$hang_timeout" --blame-hang-dump-type none </dev/null >"$log" 2>&1 || code=$?

  local project_passed=0 project_failed=0 project_skipped=0
  if [ -f "$trx" ]; then
    read -r project_passed project_failed project_skipped < <(outcomes "$trx")
  fi

  local ran=$((project_passed + project_failed + project_skipped))
  # No results, or a run that says it failed though no test did: the project crashed, hung or was never built.
  if [ "$project_failed" -eq 0 ] && { [ ! -f "$trx" ] || [ "$code" -ne 0 ] || [ "$ran" -eq 0 -a -z "$filter" ]; }; then
    project_failed=1
    say "FAILED $name did not run to its end (exit code $code)"
  fi

  say "$(printf '%-6s %-36s %5d tests %4d s' "$([ "$project_failed" -eq 0 ] && echo ok || echo FAILED)" "$name" "$ran" $((SECONDS - started)))"
  if [ "$project_failed" -gt 0 ]; then cat "$log"; fi
  passed=$((passed + project_passed)) failed=$((failed + project_failed)) skipped=$((skipped + project_skipped))
}

# outcomes TRX: how many passed, failed (whatever is neither of the others) and were skipped. Every result is one
# element, and the text of messages cannot look like one, because XML escapes it.
outcomes() {
  { grep -oE '<UnitTestResult [^>]*>' "$1" || true; } | awk '
    / outcome="Passed"/ { passed++; next }
    / outcome="NotExecuted"/ { skipped++; next }
    { failed++ }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

# A row of the compatibility matrix for each client library. Every cell is a test: one that passes, or one that is worse than
# docs/compatibility.json says; known limits are neither.
run_matrix() {
  local started=$SECONDS code=0 cells=0 worse=0
  MATRIX_IS_BUILT=1 ./compat-tests/run.sh --diagonal --check </dev/null >"$results/matrix.log" 2>&1 || code=$?
  read -r cells worse < <(sed -nE 's/^[0-9]+ runs in .*: ([0-9]+) cells passed .*, ([0-9]+) regressed$/\1 \2/p' "$results/matrix.log") || true
  # No last line, or a run that says it failed though nothing became worse: it crashed.
  if [ "$code" -ne 0 ] && [ "$worse" -eq 0 ]; then worse=1; fi
  say "$(printf '%-6s %-36s %5d cells %4d s' "$([ "$worse" -eq 0 ] && echo ok || echo FAILED)" './compat-tests/run.sh --diagonal' $((cells + worse)) $((SECONDS - started)))"
  if [ "$worse" -gt 0 ]; then cat "$results/matrix.log"; fi
  passed=$((passed + cells)) failed=$((failed + worse))
}

run_demo() {
  local started=$SECONDS code=0
  ./run.sh --check </dev/null >"$results/demo.log" 2>&1 || code=$?
  say "$(printf '%-6s %-36s %5d test  %4d s' "$([ "$code" -eq 0 ] && echo ok || echo FAILED)" './run.sh --check' 1 $((SECONDS - started)))"
  if [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    cat "$results/demo.log"
  fi
}

main
