"""Whether what answers to a packet comes back."""

from provisioning.evaluating.cisco_iosxe.evaluate import Session, passage
from provisioning.evaluating.cisco_iosxe.router import Router
from provisioning.evaluating.packet import Packet
from provisioning.evaluating.passage import Answer, Passage

ECHO_REPLY = {4: 0, 6: 129}


def answered(router: Router, first: Packet, let_in: Passage) -> Passage | None:
    """Return what becomes of the answer to a packet that was let in; None when nobody knows where it comes from."""
    if let_in.let_in is not Answer.YES or let_in.source is None or not let_in.leaves_by:
        return None
    back = Packet(
        protocol=first.protocol,
        source=let_in.destination,
        source_port=let_in.destination_port,
        destination=let_in.source,
        destination_port=first.source_port,
        arrives_on=let_in.leaves_by[0],
        icmp_type=ECHO_REPLY[first.family] if first.protocol == "icmp" else None,
        established=True,
    )
    return passage(router, back, Session(first, let_in))
