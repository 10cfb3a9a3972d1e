#!/usr/bin/env bash
# Fuzzes targets under AFL++, one after the other: tests/Fuzz/run.sh TARGET[,TARGET...] [SECONDS] [INPUTS]; each until its seconds or
# its inputs are over. Without arguments it lists the targets, the folders of tests/Fuzz/corpus.
# Needs afl-fuzz (Debian: afl++) and the .NET tool SharpFuzz.CommandLine 2.3.0 ("sharpfuzz"). Findings and the grown corpus stay in
# artifacts/fuzz.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
targets=${1:?$(cd "$root/tests/Fuzz/corpus" && echo one of *)}
seconds=${2:-3600}
inputs=${3:-100000000}
out=$root/artifacts/fuzz
rm -rf "$out/bin"
dotnet publish "$root/tests/Fuzz/Fuzz.csproj" -c Release -o "$out/bin" -v q
sharpfuzz "$out/bin/Microsoft.ML.Gmt.dll"

# Readers that take a path get their inputs in memory.
scratch=$(mktemp -d "$( [[ -d /dev/shm ]] && echo /dev/shm || echo "${TMPDIR:-/tmp}" )/gmt-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
# Code that stays unoptimized while something new is compiled, and a collection every few inputs, cost up to half of the time.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCountingDelayMs=0 DOTNET_EnableWriteXorExecute=0 DOTNET_GCgen0size=0x4000000 OMP_NUM_THREADS=1

# One thread, so that an input finds the same edges each time; no locks of files, which nobody else opens.
export DOTNET_PROCESSOR_COUNT=1 DOTNET_SYSTEM_IO_DISABLEFILELOCKING=1 GMT_FUZZ_FOLDER=$scratch
for target in ${targets//,/ }; do
  corpus=$root/tests/Fuzz/corpus/$target
  # The names in the seeds are words that changes at random would not find.
  words=$out/$target.words
  grep -ohaE '"[A-Za-z0-9_.]{1,40}"' "$corpus"/* | sort -u | sed 's/"/\\x22/g; s/.*/"&"/' > "$words" || true
  largest=$(stat -c %s "$corpus"/* | sort -n | tail -n 1)
  longest=$((largest < 2048 ? 4096 : 2 * largest))
  # Fuzzer and target take turns: on two cores each would wait for the other to wake up.
  taskset -c "${GMT_FUZZ_CORE:-0}" afl-fuzz -i "$corpus" -o "$out/$target" $( [[ -s $words ]] && echo "-x $words" ) -G "$longest" \
    -t 5000 -m none -V "$seconds" -E "$inputs" -- dotnet "$out/bin/Fuzz.dll" "$target"
  echo "$target"
  grep -E "execs_done|execs_per_sec|edges_found|saved_crashes|saved_hangs|run_time" "$out/$target/default/fuzzer_stats"
done
