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

# Brings up what plays the ISP and its customers, under the name of the stand.
stand_up() {
    stand=$1
    trap 'proviso "$stand" down >/dev/null 2>&1 || true' EXIT INT TERM
    shift
    show 0 proviso "$stand" up "$@"
}

printf '\033[2m$ proviso lab setup --yes\033[0m\n'
if proviso lab setup --yes && proviso lab check >/dev/null 2>&1; then
    stage "7. The lab: an ISP on this machine, with factory-new routers, OLTs and real packets"
    stand_up lab --cpes 8
else
    proviso lab check || true
    stage "7. This machine lacks what stands above, so the simulator plays the ISP, with the same routers and OLTs"
    printf 'As root on Debian, %s/.venv/bin/proviso lab setup --yes brings real packets.\n' "$PWD"
    stand_up simulator
fi

stage "8. Keys for backups: whoever keeps them can read the originals, the machine that takes backups cannot"
show 0 proviso backup keys make --identity "$PROVISO_STATE/restore.key"
show 0 proviso backup keys make --identity "$PROVISO_STATE/rehearsal.key" --role rehearsal

stage "9. Activate: ONT on its OLT, router under its revert timer, proven from outside, then confirmed"
show 0 proviso "$stand" run -- proviso order activate --jobs 4 examples/orders/internet-maxi-bizz.yaml \
    examples/orders/internet-pro.yaml examples/orders/internet-pro-plus.yaml examples/orders/fullfiber.yaml

stage "10. What was done, delivered and proven"
show 0 proviso run list
line=$(proviso run list --json | python3 -c 'import json, sys
runs = json.load(sys.stdin)["runs"]
print(next(each["line"] for each in runs if each["order"] == "PX-2026-000104"))')
run=$(proviso run list --line "$line" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["runs"][0]["id"])')
show 0 proviso line show "$line"
show 0 proviso run report "$run" --to "$PROVISO_STATE/acceptance.html"

stage "11. Back up what is in force, prove that it restores, look for drift"
show 0 proviso "$stand" run -- proviso backup run
show 0 proviso backup list
show 0 proviso backup rehearse --share 100% --identity "$PROVISO_STATE/rehearsal.key"
show 0 proviso "$stand" run -- proviso drift run
show 0 proviso report nightly --to "$PROVISO_STATE/nightly.html"

stage "12. Is the mobile back-up ready to be drilled?"
show 0 proviso "$stand" run -- proviso failover check "$line"
printf 'A drill takes two minutes, most of them the hold time of the fixed line; none is made here. In a %s of your own that is up:\n' "$stand"
printf '  proviso %s run -- proviso failover drill %s --now --reason trial\n' "$stand" "$line"

printf '\nFour lines are active and proven, one of them on fibre. Look at %s/acceptance.html and nightly.html, or around with:\n' "$PROVISO_STATE"
printf '  export PROVISO_STATE=%s PATH=%s/.venv/bin:$PATH\n  proviso run show %s --diff\n' "$PROVISO_STATE" "$PWD" "$run"
