#!/usr/bin/env bash
# Writes the public API of a library, as the analyzers see it, to its PublicAPI.Unshipped.txt (what PublicAPI.Shipped.txt has is left out).
# Usage: public-api.sh [PROJECT], by default Microsoft.ML.Gmt; Gmt.Plots, Gmt.Extensions or Gmt.Notebooks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../src/${1:-Microsoft.ML.Gmt}"
log=$(mktemp)
before=$(mktemp)
trap 'rm -f "$log" "$before"' EXIT

cp PublicAPI.Unshipped.txt "$before"
printf '#nullable enable\n' > PublicAPI.Unshipped.txt
dotnet build --configuration Release --no-incremental --no-dependencies -p:GmtPublicApi=true -p:GmtPublicApiSeverity=warning -p:BuildInParallel=false > "$log" 2>&1 || {
  grep -v RS0016 "$log" >&2
  cp "$before" PublicAPI.Unshipped.txt
  exit 1
}

grep -oE "RS0016: Symbol '.*' is not part of the declared public API" "$log" | sed -E "s/^RS0016: Symbol '(.*)' is not part of the declared public API$/\1/" |
  LC_ALL=C sort -u >> PublicAPI.Unshipped.txt
echo "$(($(wc -l < PublicAPI.Unshipped.txt) - 1)) lines in PublicAPI.Unshipped.txt"
