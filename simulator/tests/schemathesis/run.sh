#!/bin/sh
# Runs Schemathesis (PyPI, 4.32) with all phases and default checks against the simulator, for all
# documents of this repository and three seeds. Skips where Schemathesis is not installed.
#
#   simulator/tests/schemathesis/run.sh [examples for each operation, 10 where none are given]
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
examples=${1:-10}
if ! command -v schemathesis >/dev/null 2>&1; then
    echo "skipped: schemathesis is not installed (pip install 'schemathesis==4.32.*')"
    exit 0
fi
cargo build --quiet --package verbatim-simulator --bin simulate || exit 1
work=$(mktemp -d)
failed=0
for document in cloudpanel/openapi.json cloudflow/openapi.yaml cloudsfor/openapi.yaml; do
    for seed in 1 2 3; do
        "${CARGO_TARGET_DIR:-$root/target}/debug/simulate" --no-rate-limit --time instant \
            --spec "$root/spec/$document" >"$work/started" &
        server=$!
        while [ "$(wc -l <"$work/started")" -lt 2 ] && kill -0 "$server" 2>/dev/null; do sleep 0.1; done
        url=$(sed -n 's/^address: //p' "$work/started")
        token=$(sed -n 's/^token: //p' "$work/started")
        echo "== $document, seed $seed"
        # The API that takes a header ignores the other form of credentials, and the reverse.
        (cd "$work" && schemathesis run "$root/spec/$document" --url "$url" --seed "$seed" \
            --header "X-TOKEN: $token" --auth "user@example.com:$token" \
            --suppress-health-check all --max-examples "$examples" --no-color) >"$work/report" 2>&1 || failed=1
        sed -n '/= SUMMARY =/,$p' "$work/report"
        kill "$server"
        wait "$server" 2>/dev/null
    done
done
rm -rf "$work"
exit "$failed"
