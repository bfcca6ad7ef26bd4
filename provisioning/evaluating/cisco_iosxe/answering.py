"""Whether what answers to a packet comes back."""

from dataclasses import replace

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
        destination_port=let_in.source_port,
        arrives_on=let_in.leaves_by[0],
        icmp_type=ECHO_REPLY[first.family] if first.protocol == "icmp" else None,
        established=True,
    )
    found = passage(router, back, Session(first, let_in))
    if found.let_in is not Answer.YES or found.source == first.destination:
        return found
    # Translation asks nobody whether the session began outside: what is called untranslated answers translated.
    told = Answer.NO if found.source is not None else Answer.CANNOT_TELL
    other = f"[answers as {found.source or 'an address that is not known'}]"
    unread = () if found.source is not None else (*found.not_understood, other)
    return replace(found, let_in=told, why=(*found.why, other), not_understood=unread)
