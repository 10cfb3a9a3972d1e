#!/usr/bin/env bash
# Two hosts on this machine: network namespaces, each with a veth pair to a third one, where relay.py passes frames on after a delay. tbf
# limits the rate at which each host sends (netem, which can do both, is not in every kernel). Root, iproute2 and python3 are needed.
#   two-hosts.sh RATE DELAY_MS COMMAND …
# Runs COMMAND twice at the same time, as rank 0 and 1 of a run (WORLD_SIZE, RANK, MASTER_ADDR, MASTER_PORT); the output of rank 1 goes to
# standard error. Exits with the first code that is not 0. Removes what it made, whose names hold this process's number.
set -euo pipefail
rate=$1 delay=$2
shift 2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
id=$$
middle=gmt-$id-relay
hosts=("gmt-$id-0" "gmt-$id-1")
made=() children=()

clean() {
  for child in "${children[@]}"; do kill "$child" 2> /dev/null || true; done
  wait
  for name in "${made[@]}"; do ip netns del "$name"; done # and with each its devices
}
trap clean EXIT
trap 'exit 143' TERM INT

for name in "$middle" "${hosts[@]}"; do
  ip netns add "$name"
  made+=("$name")
done

# Frames as long as a send, so that the relay has few of them to pass on.
mtu=65000
for rank in 0 1; do
  host=${hosts[rank]}
  ip -n "$host" link add eth0 mtu $mtu type veth peer name "host$rank" mtu $mtu netns "$middle"
  ip -n "$host" address add "10.77.0.$((rank + 1))/24" dev eth0
  ip -n "$host" link set lo up
  ip -n "$host" link set eth0 up
  ip -n "$middle" link set "host$rank" up
  ip netns exec "$host" tc qdisc add dev eth0 root tbf rate "$rate" burst 256kb latency 400ms
  ip netns exec "$host" python3 "$here/relay.py" whole eth0
done

ip netns exec "$middle" python3 "$here/relay.py" pass host0 host1 "$delay" &
children+=($!)
run() {
  WORLD_SIZE=2 RANK=$1 MASTER_ADDR=10.77.0.1 MASTER_PORT=29500 exec ip netns exec "${hosts[$1]}" "${@:2}"
}
(run 1 "$@" >&2) &
second=$!
children+=("$second")
(run 0 "$@") &
first=$!
children+=("$first")
code=0
wait "$first" || code=$?
other=0
wait "$second" || other=$?
exit $((code != 0 ? code : other))
