# What the scripts of this folder share. Schemathesis (PyPI, 4.32) is what SCHEMATHESIS names, else
# what PATH holds:
#
#   python3 -m venv ~/schemathesis && ~/schemathesis/bin/pip install 'schemathesis==4.32.*'
#   SCHEMATHESIS=~/schemathesis/bin/schemathesis simulator/tests/schemathesis/run.sh
root=$(cd "$(dirname "$0")/../../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
schemathesis=${SCHEMATHESIS:-schemathesis}
if ! command -v "$schemathesis" >/dev/null 2>&1; then
    echo "skipped: schemathesis is not installed (pip install 'schemathesis==4.32.*')"
    exit 0
fi
work=$(mktemp -d)
server=
trap 'stop; rm -rf "$work"' EXIT

# Starts the simulator of a document; sets url, origin and token.
start() {
    : >"$work/started"
    "$target/release/simulate" --no-rate-limit --time instant --spec "$root/spec/$1" \
        >"$work/started" &
    server=$!
    while [ "$(wc -l <"$work/started")" -lt 2 ] && kill -0 "$server" 2>/dev/null; do
        sleep 0.1
    done
    url=$(sed -n 's/^address: //p' "$work/started")
    token=$(sed -n 's/^token: //p' "$work/started")
    origin=$(printf '%s' "$url" | cut -d/ -f1-3)
}

stop() {
    [ -z "$server" ] && return
    kill "$server" 2>/dev/null
    wait "$server" 2>/dev/null
    server=
}

# Drives the server by a document: all phases, default checks. The report goes to $work/report.
drive() {
    document=$1
    shift
    # Credentials go in the header that the document declares, and in no other: Schemathesis then
    # knows that they are given, and does not count a request without them that has them after all.
    if grep -q 'scheme"*: *"*basic' "$root/spec/$document"; then
        login=$(printf 'user@example.com:%s' "$token" | base64 | tr -d '\n')
        credentials="Authorization: Basic $login"
    else
        credentials="X-TOKEN: $token"
    fi
    # The health checks are about how Hypothesis makes its data, not about answers.
    (cd "$work" && "$schemathesis" run "$root/spec/$document" --url "$url" \
        --header "$credentials" --suppress-health-check all --no-color "$@") >"$work/report" 2>&1
}
