#!/bin/sh
# The main job on the example orders, stage by stage. Run by `make demo`; leaves its store in state/demo to look at.
set -eu

cd "$(dirname "$0")/.."
PROVISO_STATE=$PWD/state/demo
export PROVISO_STATE
rm -rf "$PROVISO_STATE"

stage() {
    printf '\n\033[1m== %s\033[0m\n' "$1"
}

# Shows a command, runs it, and insists on the exit code that it should answer.
show() {
    wanted=$1
    shift
    printf '\033[2m$ %s\033[0m\n' "$*"
    code=0
    "$@" || code=$?
    if [ "$code" != "$wanted" ]; then
        printf 'demo: exit code %s where %s was expected\n' "$code" "$wanted" >&2
        exit 1
    fi
}

stage "1. Read and check: the order forms against the contract's formulas"
show 0 proviso order check examples/orders

stage "2. What must not be sold is refused, with every reason at once (exit code 1)"
show 1 proviso order check examples/refused/everything-at-once.yaml

stage "3. Plan: product, addresses and addressed intent of one order; nothing is reserved"
show 0 proviso order plan examples/orders/fullfiber-extended.yaml

stage "4. Accept: the order gets its line, the line its addresses"
show 0 proviso order accept examples/orders/fiber-internet-pro-plus.yaml
show 0 proviso order accept examples/orders

stage "5. Change and cease: the line keeps what it has, gets what it lacks; what it leaves rests in quarantine"
show 0 proviso order accept examples/changes/add-ip-pack.yaml
show 0 proviso order accept examples/changes/cease.yaml

stage "6. Who has what"
show 0 proviso line list
show 0 proviso pool list
show 0 proviso pool show packs-1
show 0 proviso line show L-1

printf '\nThis version ends here, at the addressed intent. Look around with:\n'
printf '  export PROVISO_STATE=%s PATH=%s/.venv/bin:$PATH\n  proviso line show L-2\n' "$PROVISO_STATE" "$PWD"
