"""Lists of a Cisco router are changed so that nothing passes meanwhile that may not: by name, number or entry."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from ios_applier import ConfigurationMode
from iosxe_changes import Documents, applied, prove_circle

from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG, sections
from provisioning.platforms.cisco_iosxe.differ import remediate

SAID = [
    "deny ip any any",
    *(f"{action} ip host 192.0.2.{host} any" for action in ("permit", "deny") for host in range(4)),
]
ENTRIES = st.lists(
    st.tuples(st.integers(3, 400), st.sampled_from(SAID)),
    min_size=1,
    max_size=8,
    unique_by=(lambda each: each[0], lambda each: each[1]),
)


def with_list(header: str, entries: list[tuple[int, str]], use: str) -> Documents:
    six = header.startswith("ipv6")
    lines = [f" {'sequence ' if six else ''}{number} {_of(header, each)}\n" for number, each in sorted(entries)]
    return {RUNNING_CONFIG: f"{header}\n{''.join(lines)}interface GigabitEthernet0/0/0\n {use}\n"}


def _of(header: str, entry: str) -> str:
    if " standard " in header:
        action, _, *place = entry.split()
        return f"{action} {place[-2] if 'host' in place else 'any'}"
    if header.startswith("ipv6"):
        return entry.replace(" ip ", " ipv6 ").replace("192.0.2.", "2001:DB8::")
    return entry


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            ("ip access-list extended LIST", "ip access-group LIST in"),
            ("ip access-list standard LIST", "ip access-group LIST in"),
            ("ipv6 access-list LIST", "ipv6 traffic-filter LIST in"),
        ]
    ),
    ENTRIES,
    ENTRIES,
)
def test_a_list_that_keeps_its_name_is_shut_while_it_changes(
    where: tuple[str, str], before: list[tuple[int, str]], after: list[tuple[int, str]]
) -> None:
    running, wanted = (with_list(where[0], each, where[1]) for each in (before, after))
    change = prove_circle(running, wanted)
    mode = ConfigurationMode(running[RUNNING_CONFIG])
    ends = [_entries(running), _entries(wanted)]
    for line in change.commands:
        mode.feed(line)
        now = _entries({RUNNING_CONFIG: mode.text()})
        assert now in ends or _is_shut(now, ends)


def _is_shut(entries: list[str], ends: list[list[str]]) -> bool:
    """Whether a list lets nothing in, or no more than one of its ends while it is being shut or opened."""
    said = [re.sub(r"^(?:sequence )?\d+ ", "", each) for each in entries]
    whole = said[0] in ("deny any", "deny ip any any", "deny ipv6 any any")
    halves = [each for each in said if "127.255.255.255" in each or "::/1" in each or "8000::/1" in each]
    return whole or len(halves) == 2 or entries[len(halves) :] in ends


def _entries(documents: Documents) -> list[str]:
    lists = [each for each in sections(documents[RUNNING_CONFIG]) if "access-list" in each.text]
    return [each.text for each in lists[0].children]


def test_a_changed_list_with_another_name_is_built_before_it_is_named_and_removed_after() -> None:
    running = with_list(
        "ip access-list extended IN4-00000001", [(10, "permit ip any any")], "ip access-group IN4-00000001 in"
    )
    wanted = with_list(
        "ip access-list extended IN4-00000002", [(10, "deny ip any any")], "ip access-group IN4-00000002 in"
    )
    assert prove_circle(running, wanted).commands == (
        "ip access-list extended IN4-00000002",
        " 10 deny ip any any",
        " exit",
        "interface GigabitEthernet0/0/0",
        " ip access-group IN4-00000002 in",
        " exit",
        "no ip access-list extended IN4-00000001",
    )


def test_entries_without_numbers_keep_their_order() -> None:
    use = "interface GigabitEthernet0/0/0\n ip access-group LIST in\n"
    running = {
        RUNNING_CONFIG: f"ip access-list extended LIST\n permit tcp any any\n remark why\n deny ip any any\n{use}"
    }
    wanted = {RUNNING_CONFIG: f"ip access-list extended LIST\n permit udp any any\n permit tcp any any\n{use}"}
    there = applied(running, remediate(running, wanted).commands)
    assert _entries(there) == ["permit udp any any", "permit tcp any any"]


def test_a_numbered_list_is_changed_entry_by_entry() -> None:
    running = {RUNNING_CONFIG: "access-list 10 permit 192.0.2.1\naccess-list 10 deny any\n"}
    wanted = {RUNNING_CONFIG: "access-list 10 permit 192.0.2.2\naccess-list 10 deny any\n"}
    assert remediate(running, wanted).commands == (
        "ip access-list standard 10",
        " 8 deny 0.0.0.0 127.255.255.255",
        " 9 deny 128.0.0.0 127.255.255.255",
        " no permit 192.0.2.1",
        " no deny any",
        " permit 192.0.2.2",
        " deny any",
        " no 9",
        " no 8",
        " exit",
    )
    assert remediate(running, {RUNNING_CONFIG: ""}).commands == ("no ip access-list standard 10",)


def test_a_prefix_list_in_use_is_never_without_an_entry() -> None:
    use = "route-map OUT permit 10\n match ip address prefix-list OWN\n"
    running = {RUNNING_CONFIG: f"ip prefix-list OWN seq 5 permit 192.0.2.1/32\n{use}"}
    wanted = {RUNNING_CONFIG: f"ip prefix-list OWN seq 5 permit 192.0.2.2/32\n{use}"}
    guard = "ip prefix-list OWN seq 4294967294 deny 0.0.0.0/0 le 32"
    assert prove_circle(running, wanted).commands == (
        guard,
        "no ip prefix-list OWN seq 5 permit 192.0.2.1/32",
        "ip prefix-list OWN seq 5 permit 192.0.2.2/32",
        f"no {guard}",
    )


def test_a_prefix_that_gets_another_number_is_taken_out_first() -> None:
    use = "route-map OUT permit 10\n match ip address prefix-list OWN\n"
    entry = "ip prefix-list OWN seq {} permit {}\n"
    running = {RUNNING_CONFIG: entry.format(5, "192.0.2.1/32") + entry.format(10, "192.0.2.2/32") + use}
    wanted = {RUNNING_CONFIG: entry.format(5, "192.0.2.2/32") + entry.format(10, "192.0.2.1/32") + use}
    prove_circle(running, wanted)
    prove_circle(running, {RUNNING_CONFIG: entry.format(15, "192.0.2.2/32") + use})
