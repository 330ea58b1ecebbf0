#!/bin/sh
# Runs Schemathesis with all phases and default checks against the simulator, for all documents of
# this repository and three seeds. Fails where it finds anything.
#
#   simulator/tests/schemathesis/run.sh [examples for each operation, 10 where none are given]
set -u
. "$(dirname "$0")/common.sh"
examples=${1:-10}
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package verbatim-simulator --bin simulate || exit 1
failed=0
for path in "$root"/spec/*/openapi.json "$root"/spec/*/openapi.yaml; do
    [ -f "$path" ] || continue
    document=${path#"$root"/spec/}
    for seed in 1 2 3; do
        start "$document"
        echo "== $document, seed $seed"
        drive "$document" --seed "$seed" --max-examples "$examples" || failed=1
        sed -n '/= FAILURES =/,/= WARNINGS =/p; /= SUMMARY =/,$p' "$work/report"
        stop
    done
done
exit "$failed"
