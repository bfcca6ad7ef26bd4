"""Change requests judged: each rule, its place and its facts."""

from typing import Any

import pytest
from requested_changes import (
    FIREWALL,
    MANY,
    OTHER,
    PARTNER,
    codes,
    in_service,
    opening,
    submit,
)
from worlds import World

from provisioning.changes import codes as change_codes
from provisioning.orders import codes as order_codes

Found = dict[str, str]


ROWS: dict[str, tuple[dict[str, Any], Found]] = {
    "another port": ({"open": [opening("tcp/8443")]}, {}),
    "from a partner, to another port": (
        {"open": [opening("tcp/8443", to_port=443, sources=(PARTNER,))]},
        {"sources-differ": "open.0.from"},
    ),
    "from a partner": ({"open": [opening("tcp/15432", to_port=5432, sources=(PARTNER,))]}, {}),
    "towards the firewall": ({"open": [opening("tcp/1-22", "udp/24-100", to=FIREWALL)]}, {}),
    "what somebody closes": ({"close": [opening("tcp/443")]}, {}),
    "a part of a range is closed": ({"close": [opening("tcp/8005", to=OTHER)]}, {}),
    "everything of a host": ({"close": [opening("all", to=OTHER)]}, {}),
    "a server moves": ({"close": [opening("tcp/443")], "open": [opening("tcp/443", to=OTHER)]}, {}),
    # who
    "a stranger": (
        {"requester": "stranger@example.org", "open": [opening("tcp/8443")]},
        {"requester-not-listed": "requester"},
    ),
    "in other letters": ({"requester": "CONTACT@example.ORG", "open": [opening("tcp/8443")]}, {}),
    # what
    "nothing": ({}, {"request-asks-nothing": ""}),
    "an empty list": ({"open": []}, {"request-asks-nothing": ""}),
    "two things": ({"open": [opening("tcp/8443")], "fixed_ipv4": "new"}, {"request-asks-several": "fixed_ipv4"}),
    # ports
    "port 23": ({"open": [opening("tcp/23")]}, {"port-reserved": "open.0.ports.0"}),
    "port 23 in a range": (
        {"open": [opening("tcp/443-500", "udp/20-25", to=FIREWALL)]},
        {"port-reserved": "open.0.ports.1"},
    ),
    "port 23 as the target": ({"open": [opening("tcp/2323", to_port=23)]}, {"port-reserved": "open.0.to_port"}),
    "a range translated onto port 23": (
        {"open": [opening("tcp/2000-2010", to_port=20)]},
        {"port-reserved": "open.0.to_port"},
    ),
    "closing port 23": ({"close": [opening("tcp/23")]}, {"closing-not-open": "close.0.ports"}),
    "no port": ({"open": [opening("tcp/0")]}, {"port-malformed": "open.0.ports.0"}),
    "no ports": ({"open": [opening()]}, {"ports-empty": "open.0.ports"}),
    "none": ({"open": [opening("none", to=FIREWALL)]}, {"ports-none": "open.0.ports"}),
    "all of a host": ({"open": [opening("all")]}, {"ports-all": "open.0.ports.0"}),
    "several translated": (
        {"open": [opening("tcp/8443", "tcp/8444", to_port=443)]},
        {"to-port-ports": "open.0.to_port"},
    ),
    # targets
    "outside the LAN": ({"open": [opening("tcp/8443", to="10.0.0.1")]}, {"target-outside-lan": "open.0.to"}),
    "the second of two": (
        {"open": [opening("tcp/8443"), opening("tcp/8444", to="192.168.1.1")]},
        {"target-outside-lan": "open.1.to"},
    ),
    "outside the LAN, by a port that nobody may open": (
        {"open": [opening("tcp/23", to="10.0.0.1", until="2020-01-01T09:00")]},
        {"port-reserved": "open.0.ports.0", "target-outside-lan": "open.0.to", "until-past": "open.0.until"},
    ),
    "no host": ({"open": [opening("tcp/8443", to="server")]}, {"target-malformed": "open.0.to"}),
    "no network": ({"open": [opening("tcp/8443", sources=("everywhere",))]}, {"source-malformed": "open.0.from.0"}),
    "everybody by name": (
        {"open": [opening("tcp/8443", sources=("0.0.0.0/0",))]},
        {"source-everybody": "open.0.from.0"},
    ),
    # what is there
    "open already": ({"open": [opening("tcp/443")]}, {"opening-duplicate": "open.0.ports"}),
    "open already, merged": (
        {"on_overlap": "merge", "open": [opening("tcp/443")]},
        {"opening-merged": "open.0.ports", "request-nothing-to-do": "open"},
    ),
    "open already to everybody": (
        {"open": [opening("tcp/443", sources=(PARTNER,))]},
        {"opening-duplicate": "open.0.ports"},
    ),
    "open already, beside ports that nobody may open": (
        {"open": [opening("tcp/23", "tcp/443", "tcp/0")]},
        {
            "port-reserved": "open.0.ports.0",
            "port-malformed": "open.0.ports.2",
            "opening-duplicate": "open.0.ports",
        },
    ),
    "not open, beside what is no port": (
        {"close": [opening("tcp/x", "tcp/25")]},
        {"port-malformed": "close.0.ports.0", "closing-not-open": "close.0.ports"},
    ),
    "open in part": ({"open": [opening("tcp/440-450")]}, {"opening-overlaps": "open.0.ports"}),
    "open in part, merged": (
        {"on_overlap": "merge", "open": [opening("tcp/440-450")]},
        {"opening-merged": "open.0.ports"},
    ),
    "leads elsewhere": ({"open": [opening("tcp/8005")]}, {"opening-port-taken": "open.0.ports"}),
    "leads elsewhere, merged or not": (
        {"on_overlap": "merge", "open": [opening("tcp/8005")]},
        {"opening-port-taken": "open.0.ports"},
    ),
    "leads to another port": ({"open": [opening("tcp/443", to_port=8443)]}, {"opening-port-taken": "open.0.ports"}),
    "asked twice": ({"open": [opening("tcp/8443"), opening("tcp/8443")]}, {"opening-duplicate": "open.1.ports"}),
    "asked twice, merged": ({"on_overlap": "merge", "open": [opening("tcp/8443"), opening("tcp/8443")]}, {}),
    "asked for two hosts": (
        {"open": [opening("tcp/8443"), opening("tcp/8440-8450", to=OTHER)]},
        {"opening-port-taken": "open.1.ports"},
    ),
    "the firewall and a host": ({"open": [opening("tcp/8443"), opening("tcp/8443", to=FIREWALL)]}, {}),
    "not open": ({"close": [opening("tcp/25")]}, {"closing-not-open": "close.0.ports"}),
    "open to another": ({"close": [opening("tcp/443", to=OTHER)]}, {"closing-not-open": "close.0.ports"}),
    "open in part only": ({"close": [opening("tcp/8000-8020", to=OTHER)]}, {"closing-not-open": "close.0.ports"}),
    "everything of a host that has nothing": (
        {"close": [opening("all", to="192.168.1.12")]},
        {"closing-not-open": "close.0.ports"},
    ),
    "a source of everybody": (
        {"close": [opening("tcp/443", sources=(PARTNER,))]},
        {"closing-open-to-everybody": "close.0.from"},
    ),
    "a source that another opening lets in as well": (
        {"close": [opening("udp/600", to=FIREWALL, sources=("198.51.100.0/25",))]},
        {"closing-not-open": "close.0.from"},
    ),
    "all openings of a source": ({"close": [opening("udp/600", to=FIREWALL, sources=(PARTNER,))]}, {}),
    "closed twice": (
        {"close": [opening("tcp/8000-8005", "tcp/8003", to=OTHER), opening("tcp/8005-8006", to=OTHER)]},
        {"closing-duplicate": "close.1.ports"},
    ),
    "there and back": (
        {"close": [opening("tcp/443")], "open": [opening("tcp/443")]},
        {"request-nothing-to-do": "open"},
    ),
    # when
    "no moment": ({"wanted": "tomorrow", "open": [opening("tcp/8443")]}, {"wanted-unreadable": "wanted"}),
    "no such day": ({"wanted": "2027-02-30T09:00", "open": [opening("tcp/8443")]}, {"wanted-unreadable": "wanted"}),
    "an hour that is skipped": (
        {"wanted": "2027-03-28T02:30", "open": [opening("tcp/8443")]},
        {"wanted-unreadable": "wanted"},
    ),
    "an hour that comes twice": (
        {"wanted": "2027-10-31T02:30", "open": [opening("tcp/8443")]},
        {"wanted-unreadable": "wanted"},
    ),
    "the second of the two": (
        {"wanted": "2027-10-31T02:30+01:00", "open": [opening("tcp/8443")]},
        {"wanted-outside-window": "wanted"},
    ),
    "yesterday": ({"wanted": "2026-11-22T09:00", "open": [opening("tcp/8443")]}, {"wanted-past": "wanted"}),
    "in two years": ({"wanted": "2028-11-22T09:00", "open": [opening("tcp/8443")]}, {"wanted-far": "wanted"}),
    "in a window": ({"wanted": "2026-11-24T09:00", "open": [opening("tcp/8443")]}, {}),
    "at night": ({"wanted": "2026-11-24T22:00", "open": [opening("tcp/8443")]}, {"wanted-outside-window": "wanted"}),
    "until a moment": ({"open": [opening("tcp/8443", until="2026-12-31T17:00")]}, {}),
    "until a holiday": (
        {"open": [opening("tcp/8443", until="2026-12-25T10:00")]},
        {"until-outside-window": "open.0.until"},
    ),
    "until yesterday": ({"open": [opening("tcp/8443", until="2026-11-22T09:00")]}, {"until-past": "open.0.until"}),
    "until it begins": (
        {"wanted": "2026-11-24T09:00", "open": [opening("tcp/8443", until="2026-11-24T09:00")]},
        {"until-past": "open.0.until"},
    ),
    "until the end of time": (
        {"open": [opening("tcp/8443", until="9999-12-31T23:59")]},
        {"until-unreadable": "open.0.until"},
    ),
    "merged, with an end": (
        {"on_overlap": "merge", "open": [opening("tcp/440-450", until="2026-12-31T17:00")]},
        {"until-overlaps": "open.0.ports"},
    ),
    "two ends": (
        {"on_overlap": "merge", "open": [opening("tcp/8443", until="2026-12-31T17:00"), opening("tcp/8443")]},
        {"until-overlaps": "open.1.ports"},
    ),
    # addresses
    "another address": ({"fixed_ipv4": "new"}, {}),
    "another pack": ({"ip_pack": {"block": "new", "side_by_side": "14d"}}, {}),
    "for too long": (
        {"ip_pack": {"block": "new", "side_by_side": "91d"}},
        {"request-side-by-side": "ip_pack.side_by_side"},
    ),
    "for no time": (
        {"ip_pack": {"block": "new", "side_by_side": "soon"}},
        {"request-side-by-side": "ip_pack.side_by_side"},
    ),
    "another next hop": ({"next_hop": "::20"}, {}),
    "the same next hop": ({"next_hop": "::0010"}, {"request-nothing-to-do": "next_hop"}),
    "the router's": ({"next_hop": "::1"}, {"next-hop-taken": "next_hop"}),
    "the network's": ({"next_hop": "::"}, {"next-hop-taken": "next_hop"}),
    "65 bits": ({"next_hop": "::1:0:0:0:1"}, {"next-hop-malformed": "next_hop"}),
    "a whole address": ({"next_hop": "2001:db8::20"}, {"next-hop-malformed": "next_hop"}),
    "no address": ({"next_hop": "20"}, {"next-hop-malformed": "next_hop"}),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_request_is_judged(row: str, world: World) -> None:
    in_service(world, **MANY)
    keys, found = ROWS[row]
    answer = submit(world, **keys)
    assert codes(answer) == found, answer.findings
    assert all(each.facts and each.remedy for each in answer.findings)


def test_every_code_is_tried() -> None:
    tried = {code for _, found in ROWS.values() for code in found}
    elsewhere = {
        "request-reference-reused",
        "requester-nobody-listed",
        "request-line-unknown",
        "request-line-ceased",
        "request-line-not-in-service",
        "request-line-not-whole",
        "request-firewall-not-managed",
        "request-pack-missing",
    }
    assert {each.name for each in change_codes.CODES} == (tried | elsewhere) - {
        each.name for each in order_codes.CODES
    }
    assert not {each.name for each in change_codes.CODES} & {each.name for each in order_codes.CODES}
