"""Streams, sessions and telephony when vantage points fail, lie, or are not there; and what must hold over mobile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from proofs import ScriptedVantage, lost
from renderings import example, operator
from worlds import soaked

from provisioning.expecting.expect import expect
from provisioning.expecting.mobile import OPENINGS_OF_ADDRESS, over_mobile
from provisioning.model.checks.behind import LeaseCheck
from provisioning.model.checks.devices import ManagementCheck, OntCheck
from provisioning.model.checks.openings import OpeningCheck, ShutCheck
from provisioning.model.checks.performance import ThroughputCheck
from provisioning.model.checks.scans import ScanCheck
from provisioning.model.drill import StreamName
from provisioning.model.drill_traffic import BegunSession, HeldSession
from provisioning.model.verdict import Viewpoint, Weight
from provisioning.vantages.long_sessions import begin_sessions_in, end_sessions_in
from provisioning.vantages.points import Points
from provisioning.vantages.streams import ask_streams, begin_streams, end_streams
from provisioning.vantages.voice import ask_voice

INTERNET, LAN, FIREWALL = Viewpoint.INTERNET, Viewpoint.LAN, Viewpoint.CUSTOMER_FIREWALL
LINE = example("internet-pro-plus")
WHOLE = expect(LINE, operator(), {"wan0": ("100.64.1.7/16",), "wwan0": ("100.96.1.7/16",)})
PORTS = {"ports": {"198.18.1.10": 40001, "3fff:0:1::10": 40002}}
VOICE = (IPv4Address("198.18.2.10"), IPv6Address("3fff:0:2::10"))


class Ticking:
    """A clock that moves a second with each look."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 20, 10, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def points(internet: Any, lan: Any = None, firewall: Any = None) -> Points:
    def made(viewpoint: Viewpoint, answers: Any) -> Any:
        return ScriptedVantage(viewpoint, answers) if answers is not None else None

    return Points(made(INTERNET, internet), made(LAN, lan), made(FIREWALL, firewall), {"lan": "nobody there"})


def internet(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
    if what == "addresses":
        return {"addresses": ["198.18.1.10", "3fff:0:1::10"]}
    if what == "start":
        return PORTS
    return {"reflected": [{"id": "a1", "packets": 3, "from": ["192.0.2.1"]}]}


def flow(name: str, version: str, **more: object) -> dict[str, object]:
    told = {"name": name, "version": version, "id": "a1", "interval": 0.02, "sent": 6, "returned": 4, "first": 1}
    return {**told, "losses": [[0.14, 2]], "buckets": [[5, 3, 4.25], [1, 1, None]], **more}


def sender(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
    if what == "start":
        return {"flows": []}
    session = {"state": "lives", "stall": 0.7}
    return {"flows": [flow("fixed-ipv4", "4", session=session), flow("lan-ipv6", "6", error="no address")], "age": 0.4}


def test_what_senders_say_is_told_in_the_time_of_the_drill() -> None:
    here, clock = points(internet, sender), Ticking()
    begun = begin_streams(LINE, here, clock, seconds=60, token="t")
    assert begun.begun_at == datetime(2026, 11, 20, 10, 0, 1, tzinfo=UTC)
    assert (begun.token, begun.places) == ("t", ("lan", "reflector"))
    (stream,) = (traffic := end_streams(begun, here, clock)).streams
    # It was asked a second after all began, and said then that it was 0.4 s old.
    assert (stream.name, stream.family, stream.begun_at) == (StreamName.FIXED_IPV4, 4, begun.begun_at)
    assert [each.at for each in stream.losses] == [0.74]
    assert [(each.at, each.sent, each.returned, each.round_trip_ms) for each in stream.buckets] == [
        (0.7, 5, 3, 4.25),
        (0.8, 1, 1, None),
    ]
    assert stream.seen_as == ("192.0.2.1",)
    assert traffic.sessions == (HeldSession("fixed-ipv4 to the internet", True, 0.7),)


def test_what_is_asked_for_names_the_token_and_whether_it_goes_on() -> None:
    asked: list[Mapping[str, Any]] = []

    def noting(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        asked.append({"what": what, **request})
        return sender(what, request)

    here, clock = points(internet, noting, noting), Ticking()
    begun = begin_streams(LINE, here, clock, seconds=10**6, token="t")
    ask_streams(begun, here, clock, since=12.5)
    end_streams(begun, here, clock)
    starts = [each for each in asked if each["what"] == "start"]
    assert [each["token"] for each in starts] == ["t-lan", "t-firewall"]
    assert all(each["seconds"] == 3900 and each["kind"] == "stream" for each in starts)
    assert starts[0]["reflector"] == {"4": ["198.18.1.10", 40001], "6": ["3fff:0:1::10", 40002]}
    assert starts[0]["interface"] == "eth0" and "interface" not in starts[1]
    (pack, routed) = starts[1]["flows"]
    assert LINE.ipv6 is not None
    assert pack["within"] == [str(LINE.ip_pack)]
    assert routed["within"] == [str(LINE.ipv6.routed_half), f"{LINE.ipv6.next_hop}/128"]
    asks = [(each["token"], each["end"], each["since"]) for each in asked if each["what"] == "ask"]
    assert asks == [
        ("t-lan", False, 12.5),
        ("t-firewall", False, 12.5),
        ("t-lan", True, 0.0),
        ("t-firewall", True, 0.0),
    ]


@pytest.mark.parametrize(
    ("here", "places", "missing"),
    [
        (points(None), (), {"reflector"}),
        (points(lost, sender), (), {"reflector"}),
        (points(internet, lost), ("reflector",), {"lan", "firewall"}),
        (points(internet, sender), ("lan", "reflector"), {"firewall"}),
        (points(internet), ("outside",), {"lan", "firewall"}),
        (points(lost), (), {"lan", "firewall", "outside"}),
    ],
)
def test_who_is_not_there_or_is_lost_keeps_nobody_else(
    here: Points, places: tuple[str, ...], missing: set[str]
) -> None:
    begun = begin_streams(LINE, here, Ticking(), seconds=60)
    assert begun.places == places
    assert {place for place, _ in begun.missing} == missing
    assert all(why for _, why in begun.missing)
    traffic = end_streams(begun, here, Ticking())
    assert all(each.survived is not None or each.why_not for each in traffic.sessions)


def test_a_sender_that_is_lost_later_says_nothing() -> None:
    here, clock = points(internet, sender), Ticking()
    begun = begin_streams(LINE, here, clock, seconds=60)
    traffic = end_streams(begun, points(internet, lost), clock)
    assert traffic.streams == ()
    assert traffic.sessions[0] == HeldSession("lan", None, why_not="the connection was lost")


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(max_size=4), some, max_size=4),
    max_leaves=8,
)
KEYS = ("name", "version", "id", "interval", "sent", "returned", "losses", "first", "buckets", "session", "error")
FLOWS = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=11).map(lambda some: {**flow("ip-pack", "4"), **some})


@settings(max_examples=soaked(200, 2000), deadline=None)
@given(st.lists(FLOWS | JSON, max_size=4) | JSON, st.sampled_from([0.5, 3]) | JSON, JSON)
def test_whatever_a_vantage_point_says_is_read(flows: Any, age: Any, reflected: Any) -> None:
    said = {"flows": flows, "age": age, "reflected": reflected, "addresses": reflected, "voice": flows}

    def anything(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        return said

    here, clock = points(anything, anything, anything), Ticking()
    traffic = end_streams(begin_streams(LINE, here, clock, seconds=60), here, clock)
    for each in traffic.streams:
        assert each.interval > 0
        assert all(one.packets >= 1 for one in each.losses)
    for session in traffic.sessions:
        assert session.survived is not None or session.why_not
    assert len(ask_voice(VOICE, here)) == 2
    assert all(each.survived is None for each in end_sessions_in(begin_sessions_in(WHOLE, here, "t", seconds=9), here))


# --- sessions from the internet ------------------------------------------------------------------------------------


def test_a_session_is_held_with_each_address_that_somebody_answers_on() -> None:
    started: dict[str, list[int]] = {}

    def holding(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        if what == "start":
            tried = started.setdefault(request["address"], [])
            tried.append(request["port"])
            return {"state": "open" if len(tried) > 1 else "refused"}
        return {"state": {0: "lives", 1: "dead", 2: "closed"}[len(request["token"]) % 3]}

    here = points(holding)
    begun = begin_sessions_in(WHOLE, here, "t", seconds=60)
    addresses = {str(each.address) for each in WHOLE.checks if isinstance(each, OpeningCheck)}
    assert len(begun) == len(addresses) > 1
    assert set(started) == addresses
    assert all(len(set(tried)) == 2 for tried in started.values())
    assert all(each.token and not each.why_not for each in begun)
    ended = end_sessions_in(begun, here)
    assert [each.name for each in ended] == [each.name for each in begun]
    assert all(each.survived is not None or each.why_not for each in ended)


def test_an_address_where_nobody_is_takes_little_time() -> None:
    tried: list[str] = []

    def silent(what: str, request: Mapping[str, Any]) -> Mapping[str, object]:
        if what == "start":
            tried.append(request["address"])
        return {"state": "timeout"}

    begun = begin_sessions_in(WHOLE, points(silent), "t", seconds=60)
    assert max(tried.count(each) for each in tried) == 2
    assert all(each.why_not for each in begun)


@pytest.mark.parametrize(
    ("answers", "why"),
    [(lost, "the connection was lost"), (lambda what, request: {"state": "timeout"}, "nobody answered")],
)
def test_where_no_session_can_be_held_nobody_can_tell(answers: Any, why: str) -> None:
    begun = begin_sessions_in(WHOLE, points(answers), "t", seconds=60)
    assert all(not each.token and each.why_not.startswith(why) for each in begun)
    assert all(
        each.survived is None and each.why_not == begun[0].why_not for each in end_sessions_in(begun, points(answers))
    )
    assert all("no vantage point" in each.why_not for each in begin_sessions_in(WHOLE, points(None), "t", seconds=60))
    assert end_sessions_in([BegunSession("one", "t")], points(lost))[0].survived is None


# --- telephony -----------------------------------------------------------------------------------------------------


def test_what_telephony_says_is_told_by_address() -> None:
    said = [{"address": "198.18.2.10", "sip": True, "media": False}, {"address": "3fff:0:2::10", "error": "no way"}]
    first, second = ask_voice(VOICE, points(internet, lambda what, request: {"voice": {"asked": said}}))
    assert (first.address, first.family, first.sip, first.media, first.why_not) == ("198.18.2.10", 4, True, False, "")
    assert (second.family, second.sip, second.media, second.why_not) == (6, None, None, "no way")
    assert {each.why_not for each in ask_voice(VOICE, points(internet, lost))} == {"the connection was lost"}
    assert {each.why_not for each in ask_voice(VOICE, points(internet))} == {"nobody there"}
    assert ask_voice((), points(internet, lost)) == ()


# --- what must hold over mobile ------------------------------------------------------------------------------------


def test_over_mobile_what_tells_of_the_bearer_is_kept_and_nothing_else() -> None:
    kept = over_mobile(WHOLE, "linux_cpe").checks
    assert {each.id for each in kept} <= {each.id for each in WHOLE.checks}
    assert not [each for each in kept if isinstance(each, ScanCheck | ShutCheck | LeaseCheck | OntCheck)]
    kinds = {each.kind for each in kept}
    assert {"opening", "port-23", "nat", "slaac", "dns", "customer-firewall", "routed-block"} <= {*map(str, kinds)}
    (management,) = [each for each in kept if isinstance(each, ManagementCheck)]
    assert management.interface == "wwan0"
    (cisco,) = [each for each in over_mobile(WHOLE, "cisco_iosxe").checks if isinstance(each, ManagementCheck)]
    assert cisco.interface == "Cellular0/2/0"
    (rate,) = [each for each in kept if isinstance(each, ThroughputCheck)]
    assert (rate.down, rate.up, rate.weight, rate.facts) == (None, None, Weight.REPORT, ("I-6.4",))


def test_what_is_not_the_lines_own_need_not_move() -> None:
    line = example("business-internet-copper")
    assert line.ipv6 is None
    whole = expect(line, operator(), {"wan0": ("100.64.1.7/16",), "wwan0": ("100.96.1.7/16",)})
    kinds = [str(each.kind) for each in over_mobile(whole, "linux_cpe").checks]
    assert "slaac" in {str(each.kind) for each in whole.checks}
    assert "slaac" not in kinds and "nat" in kinds


def test_of_very_many_openings_a_sample_is_looked_at_over_mobile() -> None:
    opening = next(each for each in WHOLE.checks if isinstance(each, OpeningCheck))
    many = tuple(replace(opening, id=f"opening {number}") for number in range(50))
    kept = over_mobile(replace(WHOLE, checks=many), "linux_cpe").checks
    assert len(kept) == OPENINGS_OF_ADDRESS
    assert (kept[0].id, kept[-1].id) == ("opening 0", "opening 49")
