#!/bin/sh
# Drives one faulty server with Schemathesis (all phases, default checks, one seed), alone and through the
# proxy of the conformance checker, and prints side by side what either finds in the same traffic.
#
#   simulator/tests/schemathesis/proxied.sh [examples for each operation, 10 where none are given]
set -u
. "$(dirname "$0")/common.sh"
examples=${1:-10}
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package verbatim-simulator --package verbatim-conformance || exit 1
document=cloudpanel/openapi.json
paths='^/load_balancers(/\{load_balancer_id\})?$'
# Of the thirty, those that can stand in one server beside each other.
faults='[
  {"kind": "wrong-header", "method": "GET", "path": "/v1/load_balancers/"},
  {"kind": "null", "method": "GET", "path": "/v1/load_balancers", "probability": 0.2},
  {"kind": "duplicate-key", "method": "GET", "path": "/v1/load_balancers", "probability": 0.1},
  {"kind": "unknown-enum", "method": "POST", "path": "/v1/load_balancers"},
  {"kind": "html-error", "path": "/v1/load_balancers", "probability": 0.2},
  {"kind": "bounds-ignored", "path": "/v1/load_balancers"},
  {"kind": "page-ignored", "path": "/v1/load_balancers"},
  {"kind": "delete-differs", "path": "/v1/load_balancers"}
]'

plant() {
    curl --silent --fail --output /dev/null --header "Content-Type: application/json" --data "$faults" "$origin/__simulator/faults" || exit 1
}

# What Schemathesis finds, as the names of its checks with how often.
driven() {
    drive "$document" --seed 1 --max-examples "$examples" --include-path-regex "$paths"
    sed -n 's/^ *❌ ST[0-9]* \(.*\): \([0-9]*\)$/\1 (\2)/p' "$work/report" | sort -u
}

start "$document"
plant
driven >"$work/alone"
stop

start "$document"
plant
"$target/release/conform" --spec "$root/spec/$document" --proxy "$origin" --format json \
    >"$work/conform.json" 2>"$work/told" &
proxy=$!
while ! grep -q '^listening: ' "$work/told" && kill -0 "$proxy" 2>/dev/null; do sleep 0.1; done
url=$(sed -n 's/^listening: //p' "$work/told")
driven >"$work/through"
kill -INT "$proxy"
wait "$proxy"
stop
# The kinds of findings, each with the operations that it was found at.
grep -o '"key": *"[a-z-]* [^ ]*' "$work/conform.json" | sed 's/.*"key": *"//' | sort -u |
    awk '{ at[$1] = at[$1] (at[$1] ? ", " : "") $2 } END { for (kind in at) print kind ": " at[kind] }' |
    sort >"$work/seen"

echo '| Schemathesis alone | Schemathesis through the proxy | the proxy, of the same traffic |'
echo '|---|---|---|'
paste -d '|' "$work/alone" "$work/through" "$work/seen" | sed 's/|/ | /g; s/^/| /; s/$/ |/'
