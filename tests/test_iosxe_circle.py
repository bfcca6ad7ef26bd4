"""Changes of a Cisco router on the simulated device's configuration, which shares nothing with us: there, and back."""

import itertools

import pytest
from iosxe_examples import EXAMPLES, documents

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, SNMP_USERS, canonical
from provisioning.platforms.cisco_iosxe.differ import remediate
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.stands.simulator.cisco_iosxe.configuration import Configuration
from provisioning.stands.simulator.cisco_iosxe.configuration.session import Session

STATES = (*EXAMPLES, "bootstrap")


def router(name: str) -> tuple[Configuration, str]:
    """A router with a configuration of ours, and its users as it tells them."""
    device = Configuration()
    told = documents(name)
    users = told.get(SNMP_USERS, "")
    assert list(device.merge(told[RUNNING_CONFIG])) == []
    assert list(device.merge(users)) == []
    return device, canonical(SNMP_USERS, users)


def feed(device: Configuration, commands: tuple[str, ...]) -> list[str]:
    session = Session()
    return [f"{line}: {answer}" for line in commands if (answer := device.feed(line, session))]


@pytest.mark.parametrize("name", STATES)
def test_the_device_shows_what_it_was_told(name: str) -> None:
    device, _ = router(name)
    assert canonical(RUNNING_CONFIG, device.text()) == canonical(RUNNING_CONFIG, documents(name)[RUNNING_CONFIG])


@pytest.mark.parametrize(("before", "after"), list(itertools.combinations(STATES, 2)))
def test_the_device_takes_every_line_there_and_back(before: str, after: str) -> None:
    device, users = router(before)
    running = {RUNNING_CONFIG: device.text(), SNMP_USERS: users}
    change = remediate(running, documents(after))
    assert feed(device, change.commands) == []
    told = canonical(SNMP_USERS, documents(after).get(SNMP_USERS, ""))
    there = {RUNNING_CONFIG: device.text(), SNMP_USERS: told}
    assert documents_digest(there) == documents_digest(documents(after))
    assert remediate(there, documents(after)).commands == ()
    assert feed(device, change.rollback) == []
    back = {RUNNING_CONFIG: device.text(), SNMP_USERS: users}
    assert documents_digest(back) == documents_digest(running)


def test_a_factory_new_router_becomes_ours() -> None:
    device = Configuration()
    factory = device.text()
    change = remediate({RUNNING_CONFIG: factory}, documents("bootstrap"))
    assert feed(device, change.commands) == []
    assert canonical(RUNNING_CONFIG, device.text()) == canonical(
        RUNNING_CONFIG, documents("bootstrap")[RUNNING_CONFIG]
    )


HOLD = """\
track 2 interface Cellular0/2/0 ip routing
!
track 3 list boolean and
 object 6 not
 object 2
!
track 4 ip sla 1 reachability
!
track 5 interface GigabitEthernet0/0/0 line-protocol
!
track 6 list boolean and
 object 4
 object 5
 delay up 60
!
"""

EARLIER_HOLD = """\
track 1 ip sla 1 reachability
 delay up 60
!
track 2 interface Cellular0/2/0 ip routing
!
track 3 list boolean and
 object 1 not
 object 2
!
"""


def test_the_hold_of_an_earlier_release_becomes_todays_and_back() -> None:
    wanted = documents("internet-pro-plus-cisco")
    assert HOLD in wanted[RUNNING_CONFIG]
    device = Configuration()
    assert list(device.merge(wanted[RUNNING_CONFIG].replace(HOLD, EARLIER_HOLD))) == []
    users = canonical(SNMP_USERS, wanted.get(SNMP_USERS, ""))
    running = {RUNNING_CONFIG: device.text(), SNMP_USERS: users}
    change = remediate(running, wanted)
    # An object that is named does not go before what names it.
    assert change.commands.index("no track 1") > change.commands.index(" no object 1 not")
    assert feed(device, change.commands) == []
    assert documents_digest({RUNNING_CONFIG: device.text(), SNMP_USERS: users}) == documents_digest(wanted)
    assert feed(device, change.rollback) == []
    assert documents_digest({RUNNING_CONFIG: device.text(), SNMP_USERS: users}) == documents_digest(running)
