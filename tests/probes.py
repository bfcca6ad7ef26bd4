"""Streets with a vantage point for tests of what is sent there."""

from collections.abc import Iterator

import pytest
from renderings import need
from segments import (
    HOST6,
    Street,
    street,
)

from provisioning.model.verdict import Viewpoint
from provisioning.vantages.ssh_vantage import SshVantage

CALL_SECONDS = 4.5
RULES = """
th dport 81 accept
th dport 82 counter drop
th dport 83 reject with icmpx type admin-prohibited
tcp dport 84 reject
tcp dport 85 reject with tcp reset
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Street]:
    need("nft", "nmap", "dnsmasq", "tc", "ping")
    with street() as up:
        up.host.listen("0.0.0.0", 80)
        up.host.listen(HOST6, 80)
        yield up


@pytest.fixture
def internet(place: Street) -> SshVantage:
    place.rules(RULES)
    return place.internet.vantage(Viewpoint.INTERNET)
