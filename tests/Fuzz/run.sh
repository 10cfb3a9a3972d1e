#!/usr/bin/env bash
# Fuzzes one target under AFL++: tests/Fuzz/run.sh safetensors|checkpoint|pickle|gguf|edge-states [seconds]
# Needs afl-fuzz (Debian: afl++) and the .NET tool SharpFuzz.CommandLine 2.3.0 ("sharpfuzz"). Findings and the grown corpus stay in artifacts/fuzz.
set -euo pipefail
target=${1:?safetensors, checkpoint, pickle, gguf or edge-states}
seconds=${2:-3600}
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$root/artifacts/fuzz
rm -rf "$out/bin-$target"
dotnet publish "$root/tests/Fuzz/Fuzz.csproj" -c Release -o "$out/bin-$target" -v q
sharpfuzz "$out/bin-$target/Microsoft.ML.Gmt.dll"
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0 OMP_NUM_THREADS=1
afl-fuzz -i "$root/tests/Fuzz/corpus/$target" -o "$out/$target" -t 5000 -m none -V "$seconds" -- dotnet "$out/bin-$target/Fuzz.dll" "$target"
grep -E "execs_done|execs_per_sec|edges_found|saved_crashes|saved_hangs|run_time" "$out/$target/default/fuzzer_stats"
