#!/usr/bin/env bash
# Runs answers/commands.tsv with the gmt command of commit 57650c7, whose gmt.dll is the argument.
# Each line is the name of an answer and a command: what it prints, or for convert the configuration that it writes into TARGET.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
while IFS=$'\t' read -r -a words; do
  if [[ ${words[1]} == convert ]]; then
    rm -rf TARGET
    dotnet "$1" "${words[@]:1}" < /dev/null
    cp TARGET/*_config.json "answers/${words[0]}"
    rm -rf TARGET
  else
    dotnet "$1" "${words[@]:1}" < /dev/null > "answers/${words[0]}"
  fi
done < answers/commands.tsv
