#!/usr/bin/env bash
# Fuzzes one target under AFL++: tests/Fuzz/run.sh TARGET [SECONDS]; without arguments it lists the targets, the folders of
# tests/Fuzz/corpus.
# Needs afl-fuzz (Debian: afl++) and the .NET tool SharpFuzz.CommandLine 2.3.0 ("sharpfuzz"). Findings and the grown corpus stay in artifacts/fuzz.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:?$(cd "$root/tests/Fuzz/corpus" && echo one of *)}
seconds=${2:-3600}
out=$root/artifacts/fuzz
rm -rf "$out/bin-$target"
dotnet publish "$root/tests/Fuzz/Fuzz.csproj" -c Release -o "$out/bin-$target" -v q
sharpfuzz "$out/bin-$target/Microsoft.ML.Gmt.dll"

# Readers that take a path get their inputs in memory.
scratch=$(mktemp -d "$( [[ -d /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}" )/gmt-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0 OMP_NUM_THREADS=1
export GMT_FUZZ_FOLDER=$scratch
afl-fuzz -i "$root/tests/Fuzz/corpus/$target" -o "$out/$target" -t 5000 -m none -V "$seconds" -- dotnet "$out/bin-$target/Fuzz.dll" "$target"
grep -E "execs_done|execs_per_sec|edges_found|saved_crashes|saved_hangs|run_time" "$out/$target/default/fuzzer_stats"
