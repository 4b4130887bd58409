#!/usr/bin/env bash
# Rewrites PublicAPI.Unshipped.txt of every src project that keeps one, from what the compiler sees.
# Run it after a deliberate change of public surface; the diff of those files is what reviewers read.
set -euo pipefail
cd "$(dirname "$0")/.."
for file in src/*/PublicAPI.Unshipped.txt; do
  project=$(dirname "$file")
  printf '#nullable enable\n' | tee "$file" $(ls "$project"/PublicAPI/*/PublicAPI.Unshipped.txt 2>/dev/null) > /dev/null
  build=$(dotnet build "$project" --no-incremental --disable-build-servers -p:WarningsNotAsErrors="RS0016%3BRS0026%3BRS0027" 2>&1 || true)
  errors=$(grep -E "error " <<< "$build" | sort -u || true)
  if [ -n "$errors" ] || grep -q MSB1006 <<< "$build"; then printf '%s\n' "$errors"; exit 1; fi
  symbols=$(grep -oE "warning RS0016: Symbol '.*' is not part of" <<< "$build" | sed -E "s/^warning RS0016: Symbol '(.*)' is not part of$/\1/" | LC_ALL=C sort -u || true)
  # What one framework has alone goes into a file of its own: everything here, then less what the others have, too.
  for extra in "$project"/PublicAPI/*/; do
    [ -d "$extra" ] || continue
    alone=$(grep -E "::TargetFramework=$(basename "$extra")\]" <<< "$build" | grep -oE "warning RS0016: Symbol '.*' is not part of" | sed -E "s/^warning RS0016: Symbol '(.*)' is not part of$/\1/" | LC_ALL=C sort -u || true)
    others=$(grep -vE "::TargetFramework=$(basename "$extra")\]" <<< "$build" | grep -oE "warning RS0016: Symbol '.*' is not part of" | sed -E "s/^warning RS0016: Symbol '(.*)' is not part of$/\1/" | LC_ALL=C sort -u || true)
    { printf '#nullable enable\n'; LC_ALL=C comm -23 <(printf '%s\n' "$alone") <(printf '%s\n' "$others"); } > "${extra}PublicAPI.Unshipped.txt"
    symbols=$others
  done
  [ -z "$symbols" ] || printf '%s\n' "$symbols" >> "$file"
  echo "$file: $(($(wc -l < "$file") - 1)) symbols"
done
