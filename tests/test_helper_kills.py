"""The helper killed at every point, and power cuts: what is left gets to a good state."""

from collections.abc import Iterator

import pytest
from cpes import A, B, Cpe, digest
from labs import TestLab, eventually, lab_up, needs_lab
from worlds import SOAK, soaked

pytestmark = [needs_lab, pytest.mark.xdist_group("helper-kills")]

POINTS = soaked(2, 60)
"""Points, spread over all commands that the helper runs, at which it is killed."""

COMMANDS = (
    "cat chmod cmp cp cut date find flock grep head ls mkdir mv nft rm sed setsid sha256sum sync sysctl tail touch tr"
)

SHIM = """\
#!/bin/sh
# Stands before a command: once the counter is down, whoever calls it is killed with all of its process group.
if [ -f /run/kill.at ] && read -r left </run/kill.at && [ -n "$left" ]; then
	echo $((left - 1)) >/run/kill.at
	if [ "$left" -le 1 ]; then
		/usr/bin/rm -f /run/kill.at
		read -r _ _ _ _ group _ </proc/self/stat
		kill -9 -- "-$group"
	fi
fi
for folder in /usr/sbin /usr/bin /sbin /bin; do
	[ ! -x "$folder/${0##*/}" ] || exec "$folder/${0##*/}" "$@"
done
"""

MANY = 100_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        cpe = Cpe(up)
        cpe.boots_with_us()
        cpe.sh("cat >/usr/local/sbin/kill-shim; chmod 755 /usr/local/sbin/kill-shim", SHIM.encode())
        yield up


@pytest.fixture
def cpe(lab: TestLab) -> Cpe:
    found = Cpe(lab)
    found.sh("rm -f /run/kill.at")
    found.rests_on(A)
    return found


def during(cpe: Cpe, action: str, at: int) -> int:
    """Run the helper and everything that it begins, killed at a command; return how many commands were left to go."""
    cpe.sh(f"cd /usr/local/sbin; for each in {COMMANDS}; do ln -sf kill-shim $each; done")
    cpe.sh(f"echo {at} >/run/kill.at; setsid -w proviso-helper {action}")
    if action.startswith("apply"):  # which answers before its timer is done; the others wait for it
        eventually(lambda: cpe.sh("[ -f /run/kill.at ]").code != 0, 3)
    left = cpe.sh(
        f"cat /run/kill.at 2>/dev/null; rm -f /run/kill.at; cd /usr/local/sbin; rm -f {COMMANDS}"
    ).stdout.strip()
    return int(left or 0)


def good(cpe: Cpe) -> str:
    """Wait until the router is in one of the two states, wholly, and return the digest of it."""
    status = cpe.settled()
    assert status["live"] in (digest(A), digest(B)), status
    if not status["pending"]:
        assert status["live"] == status["confirmed"], status
    opened = "8001" if status["live"] == digest(A) else "8002"
    assert opened in cpe.sh("nft list ruleset").stdout
    running = cpe.sh("ps ax -o comm=").stdout.split()
    assert {"zebra", "dnsmasq", "hostapd", "snmpd", "sshd"} <= set(running), running
    return status["live"]


def can_go_on(cpe: Cpe) -> None:
    """The next change, or the same again, comes through."""
    if cpe.status()["pending"]:
        cpe.helper("abandon")
    assert cpe.live() == cpe.status()["confirmed"]
    cpe.put(B)
    assert good(cpe) == digest(B)
    cpe.put(A)
    assert good(cpe) == digest(A)


def points(cpe: Cpe, action: str) -> list[int]:
    total = MANY - during(cpe, action, MANY)
    return sorted({1 + number * total // POINTS for number in range(POINTS)})


def test_killed_in_apply(cpe: Cpe) -> None:
    apply = f"apply 60 {digest(A)} {digest(B)}"
    cpe.stage(B)
    at = points(cpe, apply)
    cpe.settled()
    cpe.helper("abandon")
    for each in at:
        cpe.stage(B)
        during(cpe, apply, each)
        good(cpe)
        if SOAK or each == at[-1]:
            can_go_on(cpe)
        else:
            cpe.helper("abandon")
            assert good(cpe) == digest(A), each


def test_killed_in_abandon(cpe: Cpe) -> None:
    cpe.apply(B)
    cpe.settled()
    for each in points(cpe, "abandon"):
        cpe.apply(B, base=digest(A))
        cpe.settled()
        during(cpe, "abandon", each)
        cpe.helper("abandon")
        assert good(cpe) == digest(A), each


def test_killed_in_confirm(cpe: Cpe) -> None:
    for each in (3, 11) if not SOAK else range(1, 40):
        cpe.apply(B)
        cpe.settled()
        during(cpe, f"confirm {digest(B)}", each)
        assert cpe.helper("confirm", digest(B)).code == 0, each
        assert good(cpe) == digest(B)
        cpe.put(A)


def test_the_timer_killed_again_and_again(cpe: Cpe) -> None:
    assert cpe.apply(B, seconds=soaked(4, 20)).code == 0
    for _ in range(soaked(3, 20)):
        cpe.sh("pkill -9 -f '[p]roviso-helper timer'")
        cpe.status()
    assert cpe.went_back()["live"] == digest(A) == good(cpe)


def test_power_cut_at_any_time(cpe: Cpe) -> None:
    apply = f"apply 60 {digest(A)} {digest(B)}"
    for number in range(soaked(1, 20)):
        cpe.stage(B)
        cpe.sh(f"(setsid proviso-helper {apply} &) >/dev/null 2>&1; sleep {soaked(14, 1 + 3 * number) / 10}")
        cpe.restart()
        assert eventually(lambda: not cpe.status()["pending"])
        assert good(cpe) == digest(A)
    can_go_on(cpe)


def test_killed_in_boot(cpe: Cpe) -> None:
    for each in points(cpe, "boot"):
        during(cpe, "boot", each)
        cpe.helper("boot")
        assert good(cpe) == digest(A), each
        assert "proviso_shut" not in cpe.sh("nft list tables").stdout
