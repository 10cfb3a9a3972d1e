#!/usr/bin/env bash
# Everything that is done with this repository; ./build.sh help lists it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

help() {
  cat <<'TEXT'
Usage: ./build.sh VERB [arguments]

  demo        train both stages on CoDEx-S, judge its test triples, save the model and ask it questions
  test        build everything and run all tests; arguments go to the test program, such as --filter "FullyQualifiedName~Graph"
  test-hosts  build the applications of tests/hosts from the packed package, with an empty package cache, and run them
  notebooks   execute the lessons of examples/notebooks, as programs and as notebooks, with the projects that they write; arguments are
              --keep, which puts the executed notebooks in their place, and beginnings of lessons' names
  build       build everything; leaves the command line tool at artifacts/gmt
  bench       run the benchmarks; arguments go to them
  pack        make the NuGet packages in artifacts/packages
  docs        make the documentation site in artifacts/site, and follow its links
  help        print this

Each verb does the set-up that it needs. Required: the .NET 10 SDK. Optional: CMake 3.22 and a C++ compiler, for the native kernels.
Environment variables are listed in docs/environment.md.
TEXT
}

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

need_sdk() {
  if ! command -v dotnet > /dev/null || ! dotnet --version > /dev/null 2>&1; then
    fail "the .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or with a package manager:" \
      "apt-get install dotnet-sdk-10.0 (Ubuntu; Debian with Microsoft's feed), dnf install dotnet-sdk-10.0, brew install dotnet-sdk."
  fi
}

cxx() {
  command -v c++ || command -v g++ || command -v clang++
}

has_native_tools() {
  command -v cmake > /dev/null && cxx > /dev/null
}

# Says in its own words what NuGet's NU1004 means.
restore_locked() {
  local output
  if ! output=$(dotnet restore --locked-mode --verbosity quiet 2>&1); then
    echo "$output" >&2
    if [[ $output == *NU1004* ]]; then
      fail "a packages.lock.json does not list what its project asks for. Where you changed no package, something else wrote it:" \
        "git checkout -- '*packages.lock.json'. Where you did: dotnet restore --force-evaluate, and commit the lock files."
    fi

    exit 1
  fi
}

# The committed lock files are those of Linux with the CPU's libtorch; elsewhere packages resolve by version.
restore() {
  need_sdk
  if [[ $(uname -s) == Linux && ${GmtTorchVariant:-cpu} == cpu ]]; then
    restore_locked
  else
    dotnet restore --verbosity quiet
  fi

  has_native_tools || echo "No CMake or no C++ compiler: managed code runs in place of the native kernels. On Debian and Ubuntu: apt-get install cmake g++ make"
}

compile() {
  restore
  dotnet build --no-restore --configuration Release --verbosity quiet "$@"
}

build() {
  compile "$@"
  if [[ -f src/Gmt.Cli/bin/Release/net10.0/gmt.dll ]]; then
    mkdir -p artifacts
    printf '#!/bin/sh\nexec dotnet "%s/src/Gmt.Cli/bin/Release/net10.0/gmt.dll" "$@"\n' "$PWD" > artifacts/gmt
    chmod +x artifacts/gmt
    echo "artifacts/gmt is ready: try artifacts/gmt --help"
  fi
}

# Runs the native tests, under AddressSanitizer and UndefinedBehaviorSanitizer where the compiler has them; leaves a JUnit report.
native_tests() {
  has_native_tools || return 0
  local preset=release-tests probe
  probe=$(mktemp)
  if echo 'int main() { return 0; }' | "$(cxx)" -x c++ -fsanitize=address,undefined - -o "$probe" 2> /dev/null && "$probe"; then
    preset=sanitized
  fi

  rm -f "$probe"
  (
    libtorch=$PWD/tests/Microsoft.ML.Gmt.Tests/bin/Release/net10.0/runtimes/linux-x64/native
    if [[ -f $libtorch/libtorch_cpu.so ]]; then
      export GMT_LIBTORCH=$libtorch
    fi

    cd src/Gmt.Native &&
      cmake --preset "$preset" > /dev/null &&
      cmake --build --preset "$preset" > /dev/null &&
      ctest --preset "$preset" --no-tests=error --output-junit "$1"
  )
}

# How many tests of a TRX (outcome) or JUnit (status) report ended in one of the ways named.
count_in() {
  local file=$1 element=$2 pattern=$3
  [[ -f $file ]] || { echo 0; return; }
  grep -oE "<$element [^>]*" "$file" | grep -cE "$pattern" || true
}

test() {
  compile
  local results=$PWD/artifacts/test-results program=tests/Microsoft.ML.Gmt.Tests/bin/Release/net10.0/Microsoft.ML.Gmt.Tests.dll
  local native=$results/native.xml managed=$results/managed.trx status=0
  rm -rf "$results"
  mkdir -p "$results"
  native_tests "$native" || status=$?
  dotnet "$program" --no-ansi --progress off --timeout 60m --results-directory "$results" --report-trx --report-trx-filename managed.trx "$@" || status=$?

  local passed failed skipped
  passed=$(($(count_in "$managed" UnitTestResult 'outcome="Passed"') + $(count_in "$native" testcase 'status="run"')))
  failed=$(($(count_in "$managed" UnitTestResult 'outcome="(Failed|Error|Timeout|Aborted)"') + $(count_in "$native" testcase 'status="fail"')))
  skipped=$(($(count_in "$managed" UnitTestResult 'outcome="(NotExecuted|Inconclusive)"') + $(count_in "$native" testcase 'status="(notrun|disabled)"')))
  if [[ $status -ne 0 && $failed -eq 0 ]]; then
    echo "build.sh: a test program ended with exit code $status before it could report; that counts as one failure" >&2
    failed=1
  fi

  if [[ $((passed + failed)) -eq 0 ]]; then
    echo "build.sh: no test ran" >&2
    status=1
  fi

  [[ $failed -eq 0 || $status -ne 0 ]] || status=1
  echo "$passed $failed $skipped" > "$results/tests.counts"
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}

# Runs tests/PART/run.sh on the packed packages; its counts are left for .ci/run.
on_packages() {
  local part=$1 status=0 passed failed skipped
  local counts=$PWD/artifacts/test-results/$part.counts
  shift
  pack >&2
  mkdir -p artifacts/test-results
  rm -f "$counts"
  "tests/$part/run.sh" "$PWD" "$counts" "$@" || status=$?
  read -r passed failed skipped < "$counts"
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}

run_project() {
  local project=$1
  shift
  [[ -d $project ]] || fail "there is no $project"
  restore
  exec dotnet run --no-restore --configuration Release --project "$project" -- "$@"
}

pack() {
  compile
  rm -rf artifacts/packages
  local project
  for project in src/Microsoft.ML.Gmt src/Gmt.Plots src/Gmt.Extensions src/Gmt.Notebooks src/Gmt.Cli; do
    [[ ! -d $project ]] || dotnet pack --no-build --configuration Release --verbosity quiet --output artifacts/packages "$project"
  done

  ls artifacts/packages
}

docs() {
  restore
  eng/site/build.sh
}

verb=${1:-help}
[[ $# -eq 0 ]] || shift
case $verb in
  build | test | pack | docs) "$verb" "$@" ;;
  test-hosts) on_packages hosts ;;
  notebooks) on_packages notebooks "$@" ;;
  demo) run_project examples/demo "$@" ;;
  bench) run_project tests/Benchmarks "$@" ;;
  help | --help | -h) help ;;
  *) help >&2; fail "there is no verb '$verb'" ;;
esac
