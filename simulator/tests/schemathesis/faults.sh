#!/bin/sh
# Plants each of the thirty faults of conformance/tests/simulator/faults.txt in the simulator of
# Cloud Panel, and prints as a table what the conformance checker and Schemathesis (all phases,
# default checks, one seed) find on load balancers.
#
#   simulator/tests/schemathesis/faults.sh [examples for each operation, 10 where none are given]
set -u
. "$(dirname "$0")/common.sh"
examples=${1:-10}
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package verbatim-simulator --package verbatim-conformance || exit 1
paths='^/load_balancers(/\{load_balancer_id\})?$'
operations='listLoadBalancers createLoadBalancer getLoadBalancer updateLoadBalancer deleteLoadBalancer'
document=cloudpanel/openapi.json

# What the checker finds, as the kinds of its findings.
checked() {
    only=
    for operation in $operations; do only="$only --only $operation"; done
    # shellcheck disable=SC2086
    CONFORM_TOKEN=$token "$target/release/conform" --spec "$root/spec/$document" --live "$url" \
        $only --format json --max-requests 50000 >"$work/conform.json"
    grep -o '"key": *"[a-z-]* ' "$work/conform.json" | sed 's/.*"\([a-z-]*\) $/\1/' | sort -u |
        tr '\n' ' '
}

# What Schemathesis finds, as the names of its checks.
driven() {
    drive "$document" --seed 1 --max-examples "$examples" --include-path-regex "$paths"
    sed -n 's/^ *❌ ST[0-9]* \(.*\): [0-9]*$/\1/p' "$work/report" | sort -u | tr '\n' ';' |
        sed 's/;$//; s/;/; /g'
}

found_ours=0
found_other=0
all=0
echo '| fault | wanted | conform | Schemathesis |'
echo '|---|---|---|---|'
{ printf 'none | [] | - | -\n'; grep '^[^#]' "$root/conformance/tests/simulator/faults.txt"; } |
while IFS='|' read -r name fault kind operation; do
    name=$(printf '%s' "$name" | sed 's/ *$//')
    kind=$(printf '%s' "$kind" | tr -d ' ')
    start "$document"
    curl --silent --fail --output /dev/null --header "Content-Type: application/json" --data "$fault" "$origin/__simulator/faults" || exit 1
    ours=$(checked)
    curl --silent --fail --output /dev/null --request POST "$origin/__simulator/reset" || exit 1
    curl --silent --fail --output /dev/null --header "Content-Type: application/json" --data "$fault" "$origin/__simulator/faults" || exit 1
    other=$(driven)
    stop
    echo "| $name | $kind | ${ours:-nothing} | ${other:-nothing} |"
    if [ "$name" != none ]; then
        all=$((all + 1))
        case " $ours" in *" $kind "*) found_ours=$((found_ours + 1)) ;; esac
        [ -n "$other" ] && found_other=$((found_other + 1))
    fi
    echo "$found_ours $found_other $all" >"$work/score"
done
read -r found_ours found_other all <"$work/score"
echo
echo "conform finds $found_ours of $all as wanted, Schemathesis $found_other of $all"
