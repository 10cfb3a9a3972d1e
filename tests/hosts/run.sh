#!/usr/bin/env bash
# Builds each host of README.md from the packed package, runs it and compares its answer with that of the first.
# Usage: run.sh REPOSITORY COUNTS; writes "passed failed skipped" to the file COUNTS.
set -uo pipefail
repository=$(cd "$1" && pwd) counts=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d "${TMPDIR:-/tmp}/gmt-hosts-XXXXXX")
trap 'rm -rf "$work"' EXIT
# One cache for all, empty at first; nothing of the repository's own settings reaches this folder.
export NUGET_PACKAGES=$work/packages DOTNET_CLI_HOME=$work/home MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
version=$(grep -oE '<Version>[^<]+' "$repository/Directory.Build.props" | cut -d'>' -f2)
case $(uname -s) in
  Linux) rid=linux-x64 ;;
  Darwin) rid=osx-arm64 ;;
  *) rid=win-x64 ;;
esac
libtorch=$(grep -oE "libtorch-cpu-$rid\" Version=\"[^\"]+" "$repository/Directory.Packages.props" | cut -d'"' -f3)
interactive=1.0.712001
passed=0 failed=0 skipped=0 expected=""

cp -r "$repository/tests/hosts/." "$work"
find "$work" -type f \( -name '*.props' -o -name '*.csproj' -o -name '*.cs' -o -name '*.csx' \) \
  -exec sed -i "s/@VERSION@/$version/; s/@LIBTORCH@/$libtorch/; s/@RID@/$rid/; s|@PACKAGES@|$repository/artifacts/packages|" {} +
cat > "$work/NuGet.Config" <<XML
<configuration><packageSources><add key="packed" value="$repository/artifacts/packages" /></packageSources></configuration>
XML

# check NAME COMMAND...: the command's last two lines must be the sum and the answer.
check() {
  local name=$1 started=$SECONDS output
  shift
  if ! output=$(cd "$work" && "$@" 2>&1); then
    echo "$output" | tail -n 20 >&2
    echo "host $name: failed"
    failed=$((failed + 1))
    return
  fi

  output=$(echo "$output" | tail -n 2)
  expected=${expected:-$output}
  if [[ $output == "$expected" && $output == "sum 4"$'\n'*read:* ]]; then
    echo "host $name: passed in $((SECONDS - started)) s"
    passed=$((passed + 1))
  else
    printf 'host %s: failed: it says\n%s\nwhere this is right:\n%s\n' "$name" "$output" "$expected"
    failed=$((failed + 1))
  fi
}

published() {
  local name=$1 unused
  shift
  dotnet publish console --nologo --verbosity quiet --output "published/$name" "$@" || return
  unused=$(find "published/$name" -name 'libtorch_python*')
  [[ -z $unused ]] || { echo "published, though never loaded: $unused"; return 1; }
  if [[ -x published/$name/console ]]; then
    "published/$name/console" facts.zip
  else
    dotnet "published/$name/console.dll" facts.zip
  fi || return
  rm -r "published/$name"
}

# Runs notebook/*.csx cell by cell in the C# kernel of .NET Interactive, which takes and gives lines of JSON.
notebook() {
  local cell code line
  coproc kernel { DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT=1 exec tools/dotnet-interactive stdio --default-kernel csharp; }
  for cell in notebook/*.csx; do
    code=$(sed -e 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g; s/$/\\n/' "$cell" | tr -d '\n')
    printf '{"token":"%s","commandType":"SubmitCode","command":{"code":"%s","targetKernelName":"csharp"}}\n' \
      "$cell" "$code" >&"${kernel[1]}"
    while true; do
      read -r -t 600 line <&"${kernel[0]}" || return
      case $line in
        *'"eventType":"CommandSucceeded","command":{"token":"'"$cell"'"'*) break ;;
        *'"eventType":"CommandFailed"'*) echo "$line"; kill "$kernel_PID"; return 1 ;;
      esac
    done
  done

  # It ends by itself, so that the model's temporary files go with it.
  local process=$kernel_PID
  printf '{"token":"end","commandType":"Quit","command":{}}\n' >&"${kernel[1]}"
  cat <&"${kernel[0]}" > /dev/null
  wait "$process"
  cat notebook.txt
}

check console dotnet run --project console --verbosity quiet -- train "$repository/tests/earlier-models/graph" \
  "$repository/tests/earlier-models/base" facts.zip
check framework-dependent published framework-dependent
check self-contained published self-contained --runtime "$rid" --self-contained
check single-file published single-file --runtime "$rid" --self-contained -p:PublishSingleFile=true
check trimmed published trimmed --runtime "$rid" --self-contained -p:PublishTrimmed=true -p:TrimMode=partial
# The SDK of web applications runs them in their own folder.
check web dotnet run --project web --verbosity quiet -- "$work/facts.zip"
check file dotnet run file/ask.cs facts.zip
if dotnet tool install Microsoft.dotnet-interactive --version "$interactive" --tool-path "$work/tools" > "$work/tools.log" 2>&1; then
  check notebook notebook
else
  echo "host notebook: skipped: $(tail -n 1 "$work/tools.log")"
  skipped=$((skipped + 1))
fi

echo "$passed $failed $skipped" > "$counts"
[[ $failed -eq 0 ]]
