"""A router with a mobile back-up and its guard, in the lab: what it has, what it says, and what is done to it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cpes import Cpe
from labs import eventually
from worlds import ROOT, Answer

from provisioning.model.bearer import BearerReport, Cut
from provisioning.platforms.linux_cpe.bearers import parse_bearers

CASE = ROOT / "tests/cases/render/internet-pro-plus/documents"
HOLD = 6

GUARD = "pgrep -f '^/bin/sh /usr/local/sbin/proviso-failover'"
"""The guard and its helpers: of one that was killed alone, a helper may be left, older than the next guard."""

TIMER = "pgrep -f '^/bin/sh /usr/local/sbin/proviso-drill timer'"
MAPS = "vtysh -c 'show running-config' | grep -E 'neighbor (100.64.0.1|3fff:0:0:a::1) route-map'"

BGP = "vtysh -c 'configure terminal' -c 'router bgp 64511' -c 'address-family ipv4 unicast'"

_numbers = iter(range(1, 1000))


def documents() -> dict[str, str]:
    """Return what a line with a mobile back-up has, with a hold that a test can wait for."""
    found = {each.name: each.read_text().replace("<secret>", "canary-secret") for each in CASE.iterdir()}
    found["failover.conf"] = re.sub(r"hold_seconds=\d+", f"hold_seconds={HOLD}", found["failover.conf"])
    return found


def said(cpe: Cpe) -> str:
    return cpe.helper("bearers").stdout + cpe.sh(MAPS).stdout


def report(cpe: Cpe) -> BearerReport:
    return parse_bearers(cpe.helper("bearers").stdout)


def maps(cpe: Cpe) -> set[str]:
    """Return which route maps the fixed neighbours have, without direction and family."""
    return {line.split()[-2].split("-")[0] for line in cpe.sh(MAPS).stdout.splitlines()}


def at_rest(cpe: Cpe) -> bool:
    found = report(cpe)
    works = found.fixed.works and found.mobile.works
    return works and uses(found) == {"fixed"} and maps(cpe) == {"FIXED"} and found.drill is None


def uses(found: BearerReport) -> set[str | None]:
    return set(found.in_use.values())


def on_mobile(cpe: Cpe) -> bool:
    return uses(report(cpe)) == {"mobile"}


def since(cpe: Cpe, number: int) -> list[str]:
    """Return what happened to the fixed bearer after an event."""
    return [each.kind.value for each in report(cpe).events if each.number > number and each.bearer == "fixed"]


def last(cpe: Cpe) -> int:
    return max((each.number for each in report(cpe).events), default=0)


def new_token() -> str:
    return f"t{next(_numbers)}"


def cut(cpe: Cpe, kind: Cut = Cut.SILENT, seconds: int = 60) -> str:
    token = new_token()
    answer = cpe.helper("drill", token, kind.value, str(seconds))
    assert (answer.code, answer.stdout) == (0, f"drill {token}\n"), answer.stderr
    return token


def heal(cpe: Cpe, token: str) -> Answer:
    answer = cpe.helper("drill-end", token)
    assert (answer.code, answer.stdout) == (0, f"ended {token}\n"), answer.stderr
    return answer


def await_(cpe: Cpe, holds: Callable[[], bool]) -> None:
    assert eventually(holds), said(cpe)


def is_cut(cpe: Cpe) -> bool:
    return (
        cpe.sh("nft list table inet proviso_drill").code == 0 or "state UP" not in cpe.sh("ip link show wan0").stdout
    )


@contextmanager
def held_long(cpe: Cpe) -> Iterator[None]:
    """Have a hold that lasts longer than anything which is done in it, on any machine, while the block lasts."""
    holds(cpe, 300)
    try:
        yield
    finally:
        holds(cpe, HOLD)


def holds(cpe: Cpe, seconds: int) -> None:
    """Have a guard that holds for so long; it goes on from where the former one was."""
    cpe.sh(f"sed -i 's/^hold_seconds=.*/hold_seconds={seconds}/' /etc/proviso/failover.conf")
    former = set(cpe.sh(GUARD).stdout.split())
    cpe.sh(f"kill -9 {' '.join(former)}")
    await_(cpe, lambda: bool(set(cpe.sh(GUARD).stdout.split()) - former))
