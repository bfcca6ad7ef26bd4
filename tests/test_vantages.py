"""Observing when things go wrong: no Python, silence, a lost connection, garbage. The run goes on, and knows why."""

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labs import eventually
from proofs import ScriptedVantage, lost
from renderings import example, operator
from sshds import SSHD, Sshd, sshd_up
from worlds import soaked

from provisioning.devices.connecting import open_session
from provisioning.errors import DeviceUnreachable, VantageTrouble
from provisioning.expecting.expect import expect
from provisioning.judging.judge import judge
from provisioning.model.checks.behind import LeaseCheck
from provisioning.model.checks.openings import OpeningCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.expectation import Expectation
from provisioning.model.observation import Observation
from provisioning.model.verdict import Outcome, Viewpoint, Weight
from provisioning.vantages.observe import observe, scan_before
from provisioning.vantages.points import Points
from provisioning.vantages.ssh_vantage import SshVantage

EVERYTHING = expect(
    example("internet-pro-plus"),
    operator(),
    {"wan0": ("100.64.1.7/16", "3fff:0:0:a::7/64"), "wwan0": ("100.96.1.7/16",)},
)
INTERNET, LAN, FIREWALL = Viewpoint.INTERNET, Viewpoint.LAN, Viewpoint.CUSTOMER_FIREWALL


def seen_by(points: Points, expectation: Expectation = EVERYTHING) -> dict[str, Observation]:
    """Observe everything; each check must be told of exactly once."""
    found = observe(expectation, points, lambda check: {"error": "no answer"}, lambda text: None)
    assert sorted(each.check for each in found) == sorted(each.id for each in expectation.checks)
    return {each.check: each for each in found}


def points_of(internet: Any, lan: Any, firewall: Any) -> Points:
    return Points(internet, lan, firewall, {"lan": "probe-lan-4: nobody answers"}, "eth0")


ADDRESSES = ["198.18.1.10", "3fff:0:1::10", "not one"]


def works(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
    """Be a vantage point to which every port is silent, and which has nothing else to say."""
    if what == "tries":
        state = {"tcp": "timeout", "udp": "silent"}
        return {"tries": [{**each, "state": state[each["protocol"]]} for each in request["wanted"]]}
    if what == "start":
        return {"addresses": ADDRESSES, "ports": {"198.18.1.10": 1}}
    if what == "addresses":
        return {"addresses": ADDRESSES}
    return {}


STATES = ("absent", "lost", "works")


def vantage(viewpoint: Viewpoint, state: str) -> ScriptedVantage | None:
    return None if state == "absent" else ScriptedVantage(viewpoint, lost if state == "lost" else works)


@pytest.mark.parametrize(("internet", "lan", "firewall"), [*product(STATES, STATES, STATES)])
def test_whoever_is_gone_the_others_still_look(internet: str, lan: str, firewall: str) -> None:
    points = points_of(vantage(INTERNET, internet), vantage(LAN, lan), vantage(FIREWALL, firewall))
    seen = seen_by(points)
    openings = [seen[each.id] for each in EVERYTHING.checks if isinstance(each, OpeningCheck)]
    if internet == "works":
        assert all(each.seen is not None for each in openings)
        assert all(
            ("witness" in (each.seen or {})) == (firewall == "works") for each in openings if "198.51" in each.check
        )
    else:
        reason = "the connection was lost" if internet == "lost" else "no vantage point that sees internet"
        assert all(each.seen is None and reason in each.why_not for each in openings)
    (lease,) = (seen[each.id] for each in EVERYTHING.checks if isinstance(each, LeaseCheck))
    assert (lease.seen is not None) == (internet == lan == "works")
    if lan == "absent":
        assert lease.why_not == "probe-lan-4: nobody answers"
    verdict = judge(EVERYTHING, seen.values())
    assert not verdict.proven
    assert not [each.check for each in verdict.results if each.outcome is Outcome.PASSED]
    assert all(each.evidence for each in verdict.results)


@pytest.mark.parametrize("broken", ["tries", "scan", "ping", "lan", "firewall", "addresses", "start", "ask"])
@pytest.mark.parametrize("where", [INTERNET, LAN, FIREWALL])
def test_one_observation_that_cannot_be_made_is_told_with_its_reason(broken: str, where: Viewpoint) -> None:
    def answers(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        return lost(what, request) if what == broken else works(what, request)

    made = {each: ScriptedVantage(each, answers if each is where else works) for each in (INTERNET, LAN, FIREWALL)}
    seen = seen_by(points_of(made[INTERNET], made[LAN], made[FIREWALL]))
    for each in seen.values():
        assert each.seen is not None or each.why_not


def test_a_scan_before_the_change_that_cannot_be_made_is_no_obstacle() -> None:
    (before,) = scan_before(EVERYTHING, points_of(ScriptedVantage(INTERNET, lost), None, None))
    assert before.seen is None
    assert before.why_not == "the connection was lost"


def test_throughput_is_told_with_what_the_vantage_points_carry() -> None:
    (check,) = (each for each in EVERYTHING.checks if isinstance(each, ThroughputCheck))
    points = points_of(ScriptedVantage(INTERNET, works), ScriptedVantage(LAN, works), None)
    assert "carries" not in (seen_by(points)[check.id].seen or {})
    assert (seen_by(replace(points, carries=50.0))[check.id].seen or {})["carries"] == 50.0


KEYS = """
tries hosts lease nat slaac dns spoof throughput addresses ports arrivals state port protocol address from to
open closed scanned seen_as rcode name sniffs owns error sent controls received average largest points mbit
down up 192.0.2.1
""".split()  # noqa: SIM905 - words are read more easily so
JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.just(10**400),
        st.floats(),
        st.text(max_size=6),
        st.just("\ud800\x1b[2J"),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=soaked(60, 2000), deadline=None)
@given(st.data())
def test_garbage_from_every_vantage_point_is_borne_and_proves_nothing(data: st.DataObject) -> None:
    lock = threading.Lock()
    known = data.draw(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6), min_size=1, max_size=6))
    turns = iter(range(10**6))

    def garbage(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        with lock:
            answer: Mapping[str, object] = known[next(turns) % len(known)]
        return answer

    points = points_of(*(ScriptedVantage(each, garbage) for each in (INTERNET, LAN, FIREWALL)))
    verdict = judge(EVERYTHING, seen_by(points).values())
    assert not verdict.proven
    for each in verdict.results:
        assert each.evidence.isprintable()
        # A resolver's code is one number, which garbage may happen to hold.
        assert each.kind == "dns" or each.weight is Weight.REPORT or each.outcome is not Outcome.PASSED, each


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    if SSHD is None:
        pytest.skip("sshd is not installed: openssh-server")
    with sshd_up(tmp_path_factory.mktemp("vantage")) as up:
        yield up


@pytest.fixture
def reached(sshd: Sshd) -> Iterator[SshVantage]:
    session = open_session(
        "127.0.0.1", port=sshd.port, user=sshd.user, key_file=sshd.key_file, known_hosts=sshd.known_hosts, seconds=10
    )
    made = SshVantage(session, "probe-1", INTERNET)
    yield made
    made.close()


NOWHERE = {"wanted": [{"protocol": "tcp", "address": "127.0.0.1", "port": 1}], "seconds": 2}


def test_over_ssh_the_probe_comes_along(reached: SshVantage) -> None:
    seen: Any = reached.probe("tries", NOWHERE, seconds=20)
    assert [each["state"] for each in seen["tries"]] == ["refused"]


def test_a_probe_that_hangs_is_given_up(reached: SshVantage) -> None:
    waits = {"token": "t", "kind": "witness", "seconds": 3, "name": "x", "watched": []}
    with pytest.raises(DeviceUnreachable, match="no answer within 0 s"):
        reached.probe("start", waits, seconds=0.05)


def test_a_connection_that_is_lost_in_the_middle(sshd: Sshd, reached: SshVantage) -> None:
    def cut() -> None:
        eventually(lambda: bool(_sessions(sshd)))
        for each in _sessions(sshd):
            os.kill(each, 9)

    cutter = threading.Thread(target=cut)

    def answers(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        if what == "tries":
            cutter.start()
        return reached.probe(what, {**request, "seconds": 20}, seconds=20)

    seen = seen_by(points_of(ScriptedVantage(INTERNET, answers), None, None))
    cutter.join()
    for check in EVERYTHING.checks:
        if isinstance(check, OpeningCheck):
            assert seen[check.id].seen is None
            assert "lost" in seen[check.id].why_not


def _sessions(sshd: Sshd) -> list[int]:
    """Return the processes that serve our connections."""
    children = Path(f"/proc/{sshd.process.pid}/task/{sshd.process.pid}/children").read_text()
    return [int(each) for each in children.split()]


class Shell:
    """A session in which every command is another one."""

    def __init__(self, reached: SshVantage, instead: str) -> None:
        self._session = reached._session
        self._instead = instead

    def run(self, command: str, *, given: bytes = b"", seconds: float = 30.0) -> Any:
        return self._session.run(self._instead.replace("COMMAND", command), given=given, seconds=seconds)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("instead", "word"),
    [
        ("PATH=/nonexistent; COMMAND", "python3: "),
        ("echo hello; true COMMAND", "it said nothing"),
        ("echo 'Traceback' >&2; echo 'ImportError: no' >&2; exit 1", "ImportError: no"),
        ("printf '\\377\\376'", "it said nothing"),
        ("head -c 200000 /dev/zero | tr '\\0' '['", "it said nothing"),
        ("echo '[1, 2]'", "it said nothing"),
        ("echo 'the shell complains at its start' >&2; echo '[1, 2]'", "it said nothing"),
        ("echo '{\"error\": 5}'", "5"),
        ('echo \'{"error": "OSError: no root"}\'', "no root"),
    ],
)
def test_what_a_vantage_point_lacks_is_told(reached: SshVantage, instead: str, word: str) -> None:
    odd = SshVantage(Shell(reached, instead), "probe-1", INTERNET)
    with pytest.raises(VantageTrouble) as caught:
        odd.probe("tries", NOWHERE, seconds=20)
    assert word in caught.value.what
    assert caught.value.where == "probe-1"
    seen = seen_by(points_of(odd, odd, odd))
    others = [each for each in seen.values() if each.by != ("here",)]
    assert [each for each in others if each.seen is not None or word not in each.why_not] == []
