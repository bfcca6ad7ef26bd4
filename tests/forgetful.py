"""A router that calls anew while the operator still has its former connection, as on a machine that is too busy.

FRR 8.4 that knows a router only because it listens for it (`bgp listen range`) forgets it when the former connection
ends; the second one goes on, with keepalives, without routes and without BFD (FRR, issue 9929). On a busy machine the
one ends before the other has said anything; here a packet filter sees to that.
"""

import json

from labs import TestLab, eventually

BNG, CPE = "100.64.0.1", "100.64.1.1"
"""The two ends, on the fixed bearer of cpe1."""


RULES = f"""
table inet forgetful
delete table inet forgetful
table inet forgetful {{
    chain former {{
        type filter hook prerouting priority -300
        ip saddr {CPE} tcp sport %s tcp dport 179 drop
    }}
    chain second {{
        type filter hook prerouting priority -299
        ip saddr {CPE} tcp dport 179 tcp flags & psh == psh drop
    }}
    chain bfd {{
        type filter hook prerouting priority -298
        ip saddr {CPE} udp dport 3784 drop
    }}
}}
"""
"""The former connection says nothing any more, not even that it ended; the second one is made, and says nothing yet.
BFD is not heard, or it would be up for a moment more, and have the router end the second one as well."""


def state(lab: TestLab, node: str) -> str | None:
    """Return how BGP between the two stands, as one of them has it; None where it knows of none.

    Only bgpd is asked: the others may have been stopped.
    """
    told = lab.within(node, "vtysh", "-d", "bgpd", "-c", "show bgp ipv4 unicast summary json").stdout
    peer = json.loads(told).get("peers", {}).get(BNG if node == "cpe1" else CPE)
    return None if peer is None else str(peer["state"])


def connections(lab: TestLab) -> set[str]:
    """Return the router's ports of the connections that the BNG has."""
    told = lab.within("bng", "ss", "-Htn", "state", "established", "src", BNG, "dst", CPE)
    return {line.split()[3].rpartition(":")[2] for line in told.stdout.splitlines()}


def second_connection(lab: TestLab) -> None:
    """Have the router call anew, and its former connection end when the BNG has got the second one.

    The BNG's bfdd is stopped meanwhile: so the router finds the BNG dead, and the BNG does not know.
    """
    bfdd = lab.within("bng", "pgrep", "-x", "bfdd").stdout.strip()
    assert eventually(lambda: len(connections(lab)) == 1), connections(lab)
    (former,) = connections(lab)
    assert lab.within("bng", "nft", RULES % former).code == 0
    assert lab.within("bng", "kill", "-STOP", bfdd).code == 0
    try:
        assert eventually(lambda: bool(connections(lab) - {former})), connections(lab)
        lab.within("bng", "nft", "flush", "chain", "inet", "forgetful", "former")
        assert eventually(lambda: state(lab, "bng") != "Established"), connections(lab)
        lab.within("bng", "nft", "flush", "chain", "inet", "forgetful", "second")
        assert eventually(lambda: state(lab, "cpe1") == "Established"), state(lab, "cpe1")
        lab.within("bng", "kill", "-CONT", bfdd)
        assert eventually(lambda: not watches(lab))
    finally:
        lab.within("bng", "kill", "-CONT", bfdd)
        lab.within("bng", "nft", "delete", "table", "inet", "forgetful")


def watches(lab: TestLab) -> bool:
    """Return whether the BNG's BFD with the router is up."""
    peers = json.loads(lab.within("bng", "vtysh", "-d", "bfdd", "-c", "show bfd peers json").stdout or "[]")
    return any(each["peer"] == CPE and each["status"] == "up" for each in peers)
