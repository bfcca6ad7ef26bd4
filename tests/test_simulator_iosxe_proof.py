"""The whole proof of lines on Cisco routers, as far as vantage points look, in the simulated network."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from iosxe_networks import CISCOS, Site, site
from proofs import ScriptedVantage
from renderings import operator

from provisioning.expecting.expect import expect
from provisioning.judging.judge import judge
from provisioning.model.checks.devices import ConfigurationCheck, ManagementCheck, OntCheck
from provisioning.model.verdict import Outcome, Verdict, Viewpoint
from provisioning.stands.simulator.vantage.host import VantageHost
from provisioning.vantages.observe import observe
from provisioning.vantages.points import Points

KEY = asyncssh.generate_private_key("ssh-ed25519")
ELSEWHERE = (ManagementCheck, OntCheck, ConfigurationCheck)
"""What is not looked at from a vantage point."""


def points(made: Site) -> Points:
    """Return the vantage points of the line, which answer from the simulated network."""

    def scripted(viewpoint: Viewpoint, sees: str) -> ScriptedVantage:
        cpe = made.serial if viewpoint is not Viewpoint.INTERNET else ""
        host = VantageHost(viewpoint.value, KEY, KEY.convert_to_public(), made.network, sees, cpe)
        return ScriptedVantage(viewpoint, lambda what, request: host.answer(what, dict(request)))

    internet, lan, firewall = (
        scripted(Viewpoint.INTERNET, "internet"),
        scripted(Viewpoint.LAN, "lan"),
        scripted(Viewpoint.CUSTOMER_FIREWALL, "customer-firewall"),
    )
    return Points(internet, lan, firewall, {}, "eth0")


def verdict_of(made: Site) -> Verdict:
    """Return what the proof makes of the line, as far as it looks from vantage points."""
    interfaces = made.router.plane().interfaces
    addresses = {name: tuple(str(each) for each in one.addresses) for name, one in interfaces.items()}
    whole = expect(made.line, operator(), addresses)
    looked = replace(whole, checks=tuple(each for each in whole.checks if not isinstance(each, ELSEWHERE)))
    return judge(looked, observe(looked, points(made), lambda _check: {}, lambda _text: None))


@pytest.fixture
def rich(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, "internet-pro-plus-cisco") as made:
        yield made


@pytest.mark.parametrize("name", CISCOS)
def test_a_line_is_proven_from_every_vantage_point(name: str, tmp_path: Path) -> None:
    with site(tmp_path, name) as made:
        verdict = verdict_of(made)
    assert not [each for each in verdict.results if each.outcome is not Outcome.PASSED]
    assert verdict.proven


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("tcp 172.20.21.10 8003 192.0.2.1 8003", "tcp 172.20.21.10 9003 192.0.2.1 8003", {"opening"}),
        ("permit udp any host 172.20.21.11 range 5060 5063", "permit udp any host 172.20.21.11 eq 5060", {"opening"}),
        (
            "ip nat inside source list NAT-LAN interface Loopback1",
            "ip nat inside source list NAT-LAN interface Vlan1",
            {"nat"},
        ),
        (" network 172.20.21.0 255.255.255.0\n", " network 172.20.22.0 255.255.255.0\n", {"lease", "nat", "dns"}),
        ("class class-default\n  drop", "class class-default\n  pass", {"scan"}),
    ],
)
def test_what_is_wrong_is_not_proven(rich: Site, before: str, after: str, kinds: set[str]) -> None:
    rich.router.change(before, after)
    verdict = verdict_of(rich)
    assert not verdict.proven
    assert kinds <= {each.kind for each in verdict.results if each.outcome is not Outcome.PASSED}
