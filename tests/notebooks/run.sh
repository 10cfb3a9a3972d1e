#!/usr/bin/env bash
# Executes the lessons of examples/notebooks from the packed packages, as programs and as notebooks, then builds the projects that they
# write and asks them. Usage: run.sh REPOSITORY COUNTS [--keep] [LESSON...]; writes "passed failed skipped" to the file COUNTS. With --keep
# the executed notebooks take the place of those in the repository. Lessons are named by the beginning of their files, such as 01.
set -uo pipefail
repository=$(cd "$1" && pwd) counts=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
shift 2
keep=false
if [[ ${1:-} == --keep ]]; then
  keep=true
  shift
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/gmt-notebooks-XXXXXX")
trap 'rm -rf "$work"' EXIT
# One cache for all, empty at first. Figures are written alike wherever this runs, and threads that wait do not take the others' time.
export NUGET_PACKAGES=$work/packages DOTNET_CLI_HOME=$work/home MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 OMP_WAIT_POLICY=PASSIVE
export JUPYTER_DATA_DIR=$work/jupyter DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1
interactive=1.0.712001
tool=$repository/eng/notebooks/bin/Release/net10.0/notebooks.dll
passed=0 failed=0 skipped=0

# The lessons reach for ../data, ../models and ../../artifacts/packages; nothing else of the repository is there.
mkdir -p "$work/lessons/examples" "$work/lessons/artifacts"
cp -r "$repository/examples/notebooks" "$repository/examples/data" "$repository/examples/models" "$work/lessons/examples"
ln -s "$repository/artifacts/packages" "$work/lessons/artifacts/packages"
cd "$work/lessons/examples/notebooks" || exit 1
rm -f ./*.ipynb
case $(uname -s) in
  Linux) ;;
  Darwin) sed -i.before 's/libtorch-cpu-linux-x64/libtorch-cpu-osx-arm64/' ./*.cs && rm ./*.before ;;
  *) sed -i 's/libtorch-cpu-linux-x64/libtorch-cpu-win-x64/' ./*.cs ;;
esac

# What keeps notebooks from being executed here; empty where nothing does.
reason=""
if ! jupyter nbconvert --version > /dev/null 2>&1; then
  reason="Jupyter is missing: apt-get install jupyter-nbconvert jupyter-client python3-ipykernel"
elif ! dotnet tool install Microsoft.dotnet-interactive --version "$interactive" --tool-path "$work/tools" > "$work/tools.log" 2>&1; then
  reason=$(tail -n 1 "$work/tools.log")
else
  mkdir -p "$JUPYTER_DATA_DIR/kernels/.net-csharp"
  cat > "$JUPYTER_DATA_DIR/kernels/.net-csharp/kernel.json" <<JSON
{
  "argv": ["$work/tools/dotnet-interactive", "jupyter", "--default-kernel", "csharp", "{connection_file}"],
  "display_name": ".NET (C#)",
  "language": "C#"
}
JSON
fi

# check NAME COMMAND...: the command must end with 0.
check() {
  local name=$1 started=$SECONDS
  shift
  if "$@" > "$work/output.log" 2>&1; then
    echo "$name: passed in $((SECONDS - started)) s"
    passed=$((passed + 1))
  else
    tail -n 30 "$work/output.log" >&2
    echo "$name: failed"
    failed=$((failed + 1))
    return 1
  fi
}

as_program() {
  timeout 300 dotnet run "$1.cs"
}

as_notebook() {
  dotnet "$tool" make "$1.cs" "$1.ipynb" &&
    timeout 300 jupyter nbconvert --to notebook --execute --ExecutePreprocessor.timeout=240 --output executed "$1.ipynb" &&
    dotnet "$tool" keep "$1.cs" executed.ipynb "$1.ipynb" || return
  ! grep -nE "$work|/tmp/|/home/|/root/" "$1.ipynb" || return
  [[ $(wc -c < "$1.ipynb") -lt 300000 ]] || { echo "$1.ipynb is larger than 300 kB"; return 1; }
  [[ $keep == false ]] || cp "$1.ipynb" "$repository/examples/notebooks"
}

console() {
  dotnet build "$1/console" --nologo --verbosity quiet && dotnet run --no-build --project "$1/console" > answer.txt || return
  cat answer.txt
  head -n 1 answer.txt | grep -E ': (true|false), probability [01]\.[0-9]+$'
}

# The example is answered as the console program answers it; unknown names are the caller's mistake.
web() {
  local server address status=0 verdict
  verdict=$(head -n 1 answer.txt | grep -oE '(true|false), p' | cut -d, -f1)
  dotnet build "$1/web" --nologo --verbosity quiet || return
  dotnet run --no-build --project "$1/web" --urls http://127.0.0.1:0 > server.log 2>&1 &
  server=$!
  for _ in {1..100}; do
    address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' server.log) && break
    sleep 0.2
  done

  curl -sfL --max-time 60 "$address/" > answer.json && grep -F "\"isTrue\":$verdict" answer.json &&
    [[ $(curl -s --max-time 60 -o unknown.json -w '%{http_code}' "$address/facts?head=nobody&relation=nothing&tail=nowhere") == 422 ]] &&
    grep -F '"suggestions"' unknown.json || status=1
  kill "$server"
  wait "$server" 2> /dev/null
  [[ $status -eq 0 ]] || cat server.log
  return "$status"
}

# What a lesson wrote.
clean() {
  rm -rf ./*/ ./*.zip ./*.csv ./*.svg
}

for lesson in "${@:-}"; do
  for file in "$lesson"*.cs; do
    name=${file%.cs} folder=${file#??-} folder=${folder%.cs}
    check "$name as a program" as_program "$name" && check "$name, console project" console "$folder" &&
      check "$name, web API" web "$folder"
    clean
    if [[ -n $reason ]]; then
      echo "$name as a notebook: skipped: $reason"
      skipped=$((skipped + 1))
    else
      check "$name as a notebook" as_notebook "$name"
      clean
    fi
  done
done

echo "$passed $failed $skipped" > "$counts"
[[ $failed -eq 0 && $passed -gt 0 ]]
