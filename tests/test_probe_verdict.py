"""From packets to a verdict: openings and port 23 as a router's rules make them, called, watched and judged."""

from collections.abc import Iterator

import pytest
from proofs import check_of
from renderings import need
from segments import HOST, HOST6, NOBODY, NOBODY6, OUTSIDE, Street, needs_namespaces, street

from provisioning.judging.judge import judge
from provisioning.model.expectation import AnyCheck, Expectation
from provisioning.model.observation import Observation
from provisioning.model.proof import Found
from provisioning.model.verdict import CheckResult, Outcome, Viewpoint
from provisioning.vantages.calls import observe_calls
from provisioning.vantages.points import Points
from provisioning.vantages.scans import observe_scans
from provisioning.vantages.sessions import NOBODY_ANSWERED, begin_sessions, end_held_sessions

pytestmark = needs_namespaces


@pytest.fixture(scope="module")
def place() -> Iterator[Street]:
    need("nft", "nmap")
    with street() as up:
        up.host.listen("0.0.0.0", 80)
        up.host.listen(HOST6, 80)
        up.host.listen("0.0.0.0", 23)
        up.host.listen(HOST6, 23)
        up.router.listen("0.0.0.0", 80)
        yield up


def rules(place: Street, prerouting: str, forward: str) -> None:
    place.router.sh(
        "nft -f - <<'END'\nflush ruleset\ntable inet t {\n"
        f"chain n {{ type nat hook prerouting priority dstnat;\n{prerouting}\n}}\n"
        f"chain f {{ type filter hook forward priority filter; policy drop;\nct state established,related accept\n"
        f"iifname in accept\n{forward}\n}}\n}}\nEND"
    )


def verdict(place: Street, *checks: AnyCheck, watched: bool = True) -> list[CheckResult]:
    lan = place.host.vantage(Viewpoint.LAN) if watched else None
    points = Points(place.internet.vantage(Viewpoint.INTERNET), lan, None, {}, "eth0")
    expectation = Expectation("L-1", "LX0101", checks)
    seen = [*observe_calls(expectation, points), *observe_scans(expectation, points)]
    return list(judge(expectation, seen).results)


def both(place: Street, *checks: AnyCheck) -> list[tuple[CheckResult, CheckResult]]:
    """Return what is made of each check with what the watching host saw, and without."""
    points = Points(place.internet.vantage(Viewpoint.INTERNET), place.host.vantage(Viewpoint.LAN), None, {}, "eth0")
    expectation = Expectation("L-1", "LX0101", checks)
    seen = list(observe_calls(expectation, points))
    alone = [Observation(each.check, {"tries": (each.seen or {})["tries"]}) for each in seen]
    return list(zip(judge(expectation, seen).results, judge(expectation, alone).results, strict=True))


def mapping(target: str = HOST, protocol: str = "tcp", port: int = 8080) -> AnyCheck:
    ports = {"protocol": protocol, "first": port, "last": port}
    keys = {"address": OUTSIDE, "ports": ports, "tried": [port], "target": target, "behind": "lan"}
    return check_of("opening", {**keys, "id": f"{protocol} {port} {target}"})


MAPPINGS = (
    # What the router does with a port, what is found with a watching host, and without one.
    (8001, "dnat", "accept", Found.LET_THROUGH, Found.LET_THROUGH),
    (8002, "dnat", "drop", Found.SHUT, Found.SHUT),
    (8003, "dnat", "reject", Found.SHUT, Found.SHUT),
    (8004, "dnat", "reject with icmpx admin-prohibited", Found.SHUT, Found.SHUT),
    (8005, "dnat", "reject with tcp reset", Found.STOPPED, Found.LET_THROUGH),
    (8006, "redirect to :80", "accept", Found.WRONG_HOST, Found.ANSWERED),
    (8007, "accept", "accept", Found.STOPPED, Found.LET_THROUGH),
)


def test_port_mappings(place: Street) -> None:
    to = {"dnat": f"dnat ip to {HOST}"}
    prerouting = "\n".join(f"tcp dport {port} {to.get(first, first)}" for port, first, *_ in MAPPINGS)
    rules(place, prerouting, "\n".join(f"tcp dport {port} {then}" for port, _, then, *_ in MAPPINGS))
    results = both(place, *(mapping(port=each[0]) for each in MAPPINGS))
    for (port, _, _, found, blind), (watched, alone) in zip(MAPPINGS, results, strict=True):
        assert (watched.finding, alone.finding) == (found, blind), (port, watched.evidence, alone.evidence)


def test_a_port_mapping_to_where_somebody_listens(place: Street) -> None:
    rules(place, f"meta l4proto {{ tcp, udp }} th dport 8080 dnat ip to {HOST}:8080", "accept")
    place.host.listen("0.0.0.0", 8080)
    tcp, udp = verdict(place, mapping(), mapping(protocol="udp"))
    assert (tcp.finding, udp.finding) == (Found.RIGHT_HOST, Found.RIGHT_HOST)
    (gone,) = verdict(place, mapping(NOBODY), watched=False)
    assert gone.finding == Found.ANSWERED


def test_a_port_mapping_to_nobody_is_let_through(place: Street) -> None:
    rules(place, f"tcp dport 8080 dnat ip to {NOBODY}:8080", "accept")
    (result,) = verdict(place, mapping(NOBODY))
    assert (result.outcome, result.finding) == (Outcome.PASSED, Found.LET_THROUGH)
    assert "host unreachable" in result.evidence


PORT_23 = (
    ("192.168.1.21", "drop", Outcome.PASSED, Found.SHUT_EVERYWHERE),
    ("192.168.1.22", "reject with icmpx admin-prohibited", Outcome.PASSED, Found.SHUT_EVERYWHERE),
    ("192.168.1.23", "meta l4proto tcp reject with tcp reset", Outcome.FAILED, Found.NOT_SHUT),
    ("192.168.1.24", "accept", Outcome.FAILED, Found.NOT_SHUT),
    (HOST6, "accept", Outcome.FAILED, Found.NOT_SHUT),
    (NOBODY6, "drop", Outcome.PASSED, Found.SHUT_EVERYWHERE),
    (NOBODY, "accept", Outcome.NOT_OBSERVED, Found.COULD_NOT_TELL),
)


def test_port_23(place: Street) -> None:
    for last in range(21, 25):
        place.host.sh(f"ip address replace 192.168.1.{last}/24 dev eth0")
    rules(place, "", "\n".join(f"{'ip6' if ':' in each else 'ip'} daddr {each} {then}" for each, then, *_ in PORT_23))
    checks = [check_of("port-23", {"id": each[0], "port": 23, "addresses": [each[0]]}) for each in PORT_23]
    for (address, _, outcome, found), some in zip(PORT_23, both(place, *checks), strict=True):
        for result in some:
            assert (result.outcome, result.finding) == (outcome, found), (address, result.evidence)


def test_port_23_that_arrives_and_is_answered_with_silence_is_not_shut(place: Street) -> None:
    rules(place, "", "accept")
    place.router.sh("nft insert rule inet t f iifname in drop")
    (watched,) = verdict(place, check_of("port-23", {"port": 23, "addresses": [HOST]}))
    assert (watched.outcome, watched.finding) == (Outcome.FAILED, Found.NOT_SHUT)


@pytest.mark.parametrize("address", [HOST, HOST6])
def test_a_scan(place: Street, address: str) -> None:
    ordered = [{"protocol": "tcp", "first": 80, "last": 80}]
    check = check_of("scan", {"address": address, "tried": [22, 23, 79, 80, 443], "ordered": ordered})
    for forward, found, told in (
        ("tcp dport 80 accept", Found.NOTHING_ELSE_OPEN, "open: 80"),
        ("tcp dport { 23, 80 } accept", Found.MORE_OPEN, "not ordered: 23"),
        ("tcp dport { 79, 80 } accept", Found.MORE_OPEN, "not ordered: 79"),
    ):
        rules(place, "", forward)
        (result,) = verdict(place, check)
        assert result.finding == found, result.evidence
        assert told in result.evidence


@pytest.mark.parametrize("address", [HOST, HOST6])
def test_a_session_is_held_over_a_change(place: Street, address: str) -> None:
    keys = {"address": address, "candidates": [79, 80], "viewpoint": "lan"}
    kinds = ("session-survives", "session-ended")
    expectation = Expectation("L-1", "LX0101", tuple(check_of(each, {**keys, "id": each}) for each in kinds))
    points = Points(place.internet.vantage(Viewpoint.INTERNET), None, None, {}, "eth0")

    def found(begun: tuple[Observation, ...]) -> list[str]:
        seen = end_held_sessions(expectation, begun, points)
        return [each.finding for each in judge(expectation, seen).results]

    rules(place, "", "tcp dport 80 accept")
    begun = begin_sessions(expectation, points)
    assert [each.seen and each.seen["port"] for each in begun] == [80, 80]
    rules(place, "", "tcp dport { 80, 443 } accept")
    assert found(begun) == [Found.SESSION_LIVES, Found.SESSION_STAYS]
    # Whoever asks once more finds nothing that is held, and nobody knows.
    assert found(begun) == [Found.NOBODY_COULD_LOOK, Found.NOBODY_COULD_LOOK]
    begun = begin_sessions(expectation, points)
    place.router.sh("nft insert rule inet t f tcp dport 80 drop")
    assert found(begun) == [Found.SESSION_BROKE, Found.SESSION_DEAD]
    assert [each.why_not for each in begin_sessions(expectation, points)] == [NOBODY_ANSWERED] * 2
