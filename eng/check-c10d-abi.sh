#!/usr/bin/env bash
# Compares what src/Gmt.Native/c10d/abi.h takes for granted of libtorch with libtorch itself. Not a part of the build: for whoever moves to
# another version, or doubts this one.
#   eng/check-c10d-abi.sh LIBRARY            libtorch_cpu.so of x86-64: version, names, and sizes by what its own code allocates
#   eng/check-c10d-abi.sh --headers INCLUDE GLOO
#                                            headers: INCLUDE is that of an installed libtorch (of a Python package: torch/include), or a
#                                            checkout of PyTorch that was built; GLOO the source folder of Gloo, third_party/gloo there.
#                                            Not tried yet: no headers of 2.10.0 were to be had
# Needs binutils; with headers a C++ compiler.
set -euo pipefail
if [ $# -lt 1 ]; then sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
native=$root/src/Gmt.Native/c10d
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "not so: $1"
  failures=$((failures + 1))
}

# The mangled names of abi.h, one a line: strings that begin with _Z or aoti_, put together where a line was broken.
names() {
  tr '\n' ' ' < "$native/abi.h" | sed -E 's/" +"//g' | grep -oE '"(_Z|aoti_)[A-Za-z0-9_]+"' | tr -d '"'
}

number() {
  sed -nE "s/.* $1 = ([0-9xA-F']+);.*/\1/p" "$native/abi.h" | tr -d "'"
}

# What a function of the library allocates first.
allocates() {
  local start
  start=$(awk -v name="$1" '$3 == name { print $1 }' "$work/symbols")
  [ -n "$start" ] || { echo 0; return; }
  objdump -d --no-show-raw-insn --start-address=0x"$start" --stop-address=$((0x$start + 1500)) "$library" |
    awk '/mov +\$0x[0-9a-f]+,%edi/ { sub(/.*\$/, ""); sub(/,.*/, ""); size = $0 } /<_Znwm@plt>/ && !found { print size; found = 1 }'
}

check_library() {
  library=$1
  nm -D --defined-only "$library" > "$work/symbols"
  for name in $(names); do
    awk -v name="$name" '$3 == name { found = 1 } END { exit !found }' "$work/symbols" || fail "there is $name"
  done

  local start store='ERKN3c1013intrusive_ptrINS_5StoreENS1_6detail34intrusive_target_default_null_typeIS3_EEEE'
  start=$(awk '$3 == "aoti_torch_abi_version" { print $1 }' "$work/symbols")
  objdump -d --start-address=0x"$start" --stop-address=$((0x$start + 16)) "$library" |
    grep -qi "\$$(printf '0x%x' "$(number torch_version)")," || fail "its version is $(number torch_version)"
  local time='ENSt6chrono8durationIlSt5ratioILl1ELl1000EEEE'
  local size function
  while read -r size function; do
    local allocated
    allocated=$(allocates "$function")
    [ "$((allocated))" = "$(number "$size")" ] || fail "$size is $(number "$size"); $function allocates $allocated"
  done << EOF
tcp_store_size _ZN4c10d8TCPStore5cloneEv
file_store_size _ZN4c10d9FileStore5cloneEv
gloo_options_size _ZN4c10d16ProcessGroupGloo7Options14create_default$time
gloo_group_size _ZN4c10d16ProcessGroupGloo5merge${store}RKNS2_INS_7Backend7OptionsENS5_ISB_EEEERKiSH_
EOF
}

check_headers() {
  local include=$1 gloo=$2
  "${CXX:-c++}" -std=c++20 -w -DUSE_C10D -DUSE_C10D_GLOO -I "$native" -I "$include" -I "$include/torch/csrc/api/include" -I "$gloo" \
    -c "$root/eng/c10d-abi.cpp" -o "$work/abi.o" || fail "sizes and offsets are those of the headers"
  [ ! -f "$work/abi.o" ] || for name in $(names | grep '^_ZN'); do
    nm -u "$work/abi.o" | grep -q " $name\$" || fail "the headers declare $name"
  done
}

if [ "$1" = --headers ]; then check_headers "$2" "$3"; else check_library "$1"; fi
if [ $failures -gt 0 ]; then exit 1; fi
echo "abi.h fits"
