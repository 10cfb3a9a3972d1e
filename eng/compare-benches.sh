#!/usr/bin/env bash
# Builds two commits and runs their benchmarks alternately; prints the median of each figure's ratio, new to old, and its spread.
#   eng/compare-benches.sh OLD NEW [RUNS [VERB...]]
# A ratio above 1 is slower; rates are turned over. RUNS is 5 by default.
# Needs a machine that does nothing else. Writes into a temporary folder, which it removes.
set -euo pipefail
if [ $# -lt 2 ]; then sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; fi
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
old=$1 new=$2 runs=${3:-5}
shift $(($# < 3 ? $# : 3))
verbs=("$@")
[ ${#verbs[@]} -gt 0 ] || verbs=(sgm gmt sentences graph)
work=$(mktemp -d)
cleanUp() {
  for side in old new; do git -C "$repository" worktree remove --force "$work/$side" 2> /dev/null || true; done
  rm -rf "$work"
}
trap cleanUp EXIT

# The sentence encoder's bench reads its model from there.
[ ! -d "$repository/../shared" ] || ln -sfn "$(cd "$repository/../shared" && pwd)" "$work/shared"
for side in old new; do
  git -C "$repository" worktree add --quiet --detach "$work/$side" "${!side}"
  (cd "$work/$side" && ./build.sh build > "$work/$side.log" 2>&1) || { tail -20 "$work/$side.log" >&2; exit 1; }
done

mkdir "$work/out"
for ((run = 1; run <= runs; run++)); do
  for verb in "${verbs[@]}"; do
    # The order changes from run to run, so that neither side always has the warmer machine.
    sides=(old new)
    [ $((run % 2)) -eq 1 ] || sides=(new old)
    for side in "${sides[@]}"; do
      (cd "$work/$side" && dotnet tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll "$verb") > "$work/out/$verb.$side.$run"
    done
  done
  echo "run $run of $runs is done" >&2
done

python3 "$repository/eng/bench-ratios.py" "$work/out" "$runs" "${verbs[@]}"
