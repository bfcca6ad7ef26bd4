"""Streams, sessions and telephony of a simulated line, asked for as a drill does: what is cut is lost, then moves."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest
from labs import eventually
from renderings import example
from simulated_lines import Simulated, simulated
from test_simulator_cpe_bearers import FIXED, RECORD, light, put

from provisioning.errors import VantageTrouble
from provisioning.model.drill import StreamName
from provisioning.model.drill_traffic import Traffic
from provisioning.model.intent import AddressedIntent
from provisioning.model.verdict import Viewpoint
from provisioning.stands.simulator.vantage.host import VantageHost
from provisioning.vantages.points import Points
from provisioning.vantages.streams import ask_streams, begin_streams, end_streams
from provisioning.vantages.voice import ask_voice

PROBES = (IPv4Address("198.18.2.10"), IPv6Address("3fff:0:2::10"), IPv4Address("198.18.2.77"))


@dataclass
class HostVantage:
    """A simulated host, asked without a network between."""

    world: Simulated
    host: VantageHost
    name: str
    viewpoint: Viewpoint

    def probe(self, what: str, request: Mapping[str, object], *, seconds: float) -> Mapping[str, object]:
        sent: dict[str, object] = json.loads(json.dumps(dict(request)))
        seen = self.world.do(lambda: self.host.answer(what, sent))
        if set(seen) == {"error"}:
            raise VantageTrouble(str(seen["error"]), where=self.name, remedy="")
        return json.loads(json.dumps(seen))  # type: ignore[no-any-return]


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Simulated]:
    with simulated(tmp_path, cpes=2) as up:
        folder = up.proviso.state / "network"
        folder.mkdir(parents=True)
        (folder / "L-1.json").write_text(json.dumps(RECORD))
        up.do(lambda: put(up))
        light(up, on=True)
        yield up


def points(world: Simulated, *sees: str) -> Points:
    found: dict[str, Any] = dict.fromkeys(("internet", "lan", "customer-firewall"))
    for each in sees:
        cpe = "" if each == "internet" else "LX0101"
        key = next(iter(world.world)).host_key
        host = VantageHost(each, key, key.convert_to_public(), world.network, each, cpe, world.clock)
        found[each] = HostVantage(world, host, each, Viewpoint(each))
    return Points(found["internet"], found["lan"], found["customer-firewall"], {"lan": "no host there"})


def addressed() -> AddressedIntent:
    return example("fullfiber-extended")


def returned(traffic: Traffic, moment: float) -> dict[StreamName, int]:
    """Return of each stream how many packets came back that went out from a moment on."""
    return {
        each.name: sum(bucket.returned for bucket in each.buckets if bucket.at >= moment) for each in traffic.streams
    }


def test_streams_are_lost_while_nothing_passes_and_come_back(world: Simulated) -> None:
    here, clock = points(world, "internet", "lan", "customer-firewall"), RealClock()
    begun = begin_streams(addressed(), here, clock, seconds=60)
    assert (begun.places, begun.missing) == (("firewall", "lan", "reflector"), ())

    def all_flow(moment: float) -> bool:
        now = returned(ask_streams(begun, here, clock, since=moment), moment)
        return len(now) == 4 and all(back > 4 for back in now.values())

    assert eventually(lambda: all_flow(0.0))
    # Nobody passes anywhere: the line has lost its place altogether.
    world.do(lambda: world.network.successors.update(LX0101="LX0102"))
    cut_at = ask_streams(begun, here, clock).at
    assert eventually(lambda: ask_streams(begun, here, clock).at > cut_at + 0.5)
    world.do(lambda: world.network.successors.clear())
    healed_at = ask_streams(begun, here, clock).at
    assert eventually(lambda: all_flow(healed_at + 0.2))
    traffic = end_streams(begun, here, clock)
    names = {each.name: each for each in traffic.streams}
    assert set(names) == set(StreamName) - {StreamName.FROM_OUTSIDE}
    for each in traffic.streams:
        (loss,) = each.losses
        assert cut_at - 0.3 <= loss.at <= healed_at
        assert 0.3 <= loss.packets * each.interval <= healed_at - cut_at + 0.5
        assert each.sent == each.returned + loss.packets
        assert len(each.seen_as) == 1
    assert names[StreamName.FIXED_IPV4].seen_as == (FIXED,)
    assert {each.survived for each in traffic.sessions} == {True}
    assert len(traffic.sessions) == 4
    again = end_streams(begun, here, clock)
    assert again.streams == () and all(each.survived is None for each in again.sessions)


def test_by_which_bearer_they_go_shows_in_how_long_they_take(world: Simulated) -> None:
    here, clock = points(world, "internet", "lan", "customer-firewall"), RealClock()
    begun = begin_streams(addressed(), here, clock, seconds=60)
    assert eventually(lambda: ask_streams(begun, here, clock).at > 0.5)
    world.do(lambda: world.world.fibre.let_pass("HWTC0A0B0C0D", None))
    moved = ask_streams(begun, here, clock).at

    def over_mobile() -> bool:
        streams = ask_streams(begun, here, clock).streams
        return all((each.buckets[-1].round_trip_ms or 0) > 30 for each in streams)

    assert eventually(over_mobile)
    for each in end_streams(begun, here, clock).streams:
        before = [one.round_trip_ms for one in each.buckets if one.at < moved - 0.3]
        assert max(one for one in before if one) < 10


def test_where_nobody_stands_behind_the_internet_asks_for_echoes(world: Simulated) -> None:
    here, clock = points(world, "internet"), RealClock()
    begun = begin_streams(addressed(), here, clock, seconds=60)
    assert begun.places == ("outside",)
    assert dict(begun.missing)["lan"] == "no host there"
    assert eventually(lambda: ask_streams(begun, here, clock).at > 0.5)
    traffic = end_streams(begun, here, clock)
    assert {(each.name, each.family) for each in traffic.streams} == {
        (StreamName.FROM_OUTSIDE, 4),
        (StreamName.FROM_OUTSIDE, 6),
    }
    assert all(each.returned > 3 and each.interval == 0.1 for each in traffic.streams)


def test_without_anybody_on_the_internet_nothing_begins(world: Simulated) -> None:
    begun = begin_streams(addressed(), points(world), RealClock(), seconds=60)
    assert begun.places == () and begun.missing
    assert end_streams(begun, points(world), RealClock()).streams == ()


def test_streams_end_by_themselves(world: Simulated) -> None:
    here, clock = points(world, "internet", "lan"), RealClock()
    begun = begin_streams(addressed(), here, clock, seconds=0.3)

    def ended() -> bool:
        return not ask_streams(begun, here, clock).streams

    assert eventually(ended)


def test_telephony_answers_over_fixed_and_not_over_mobile(world: Simulated) -> None:
    here = points(world, "internet", "lan")
    answered = {each.address: (each.sip, each.media) for each in ask_voice(PROBES, here)}
    assert answered == {
        "198.18.2.10": (True, True),
        "3fff:0:2::10": (True, True),
        "198.18.2.77": (False, False),
    }
    world.do(lambda: world.world.fibre.let_pass("HWTC0A0B0C0D", None))
    assert {(each.sip, each.media) for each in ask_voice(PROBES, here)} == {(False, False)}
    assert {each.why_not for each in ask_voice(PROBES, points(world))} == {"no host there"}
