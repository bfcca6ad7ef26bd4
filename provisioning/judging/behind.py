"""Judges what was seen from behind the router, and of its management."""

from ipaddress import IPv4Address

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, address, number, parts, text, texts
from provisioning.model.checks.behind import (
    DnsCheck,
    FirewallCheck,
    LeaseCheck,
    NatCheck,
    SlaacCheck,
    SourceFilterCheck,
)
from provisioning.model.checks.devices import ConfigurationCheck, ManagementCheck
from provisioning.model.proof import Found

UP = 1
"""ifOperStatus (RFC 2863)."""

RESOLVED = (0, 3)
"""NOERROR and NXDOMAIN (RFC 1035, RFC 2308): somebody who knows was asked."""


def lease(check: LeaseCheck, seen: Seen) -> Judgement:
    """Return what is made of an offer of the router's DHCP server."""
    lent, router = address(text(seen, "address")), text(seen, "router")
    if not isinstance(lent, IPv4Address):
        return failed(Found.NO_LEASE, text(seen, "error") or "no offer came")
    told = f"{lent}, router {router or 'none'}, DNS {', '.join(texts(seen, 'resolvers')) or 'none'}"
    inside = any(each.first <= lent <= each.last for each in check.pool)
    return passed(Found.LEASE_IN_POOL, told) if inside else failed(Found.LEASE_OUTSIDE, told)


def nat(check: NatCheck, seen: Seen) -> Judgement:
    """Return what is made of the address that a host outside saw."""
    outside = address(text(seen, "seen_as"))
    if outside is None:
        return failed(Found.NO_WAY_OUT, text(seen, "error") or "no connection came about")
    told = f"{text(seen, 'address')} was seen as {outside}"
    if not check.seen_as:
        return untold(Found.COULD_NOT_TELL, f"{told}; nobody knows what it must be")
    return passed(Found.SEEN_AS_ORDERED, told) if outside in check.seen_as else failed(Found.SEEN_OTHERWISE, told)


def slaac(check: SlaacCheck, seen: Seen) -> Judgement:
    """Return what is made of the addresses that a new host made itself."""
    own = [each for each in map(address, texts(seen, "addresses")) if each is not None and each.version == 6]
    if not own:
        return failed(Found.NO_ADDRESS, text(seen, "error") or "no prefix was advertised")
    told = ", ".join(map(str, own))
    if check.prefix is not None and not any(each in check.prefix for each in own):
        return failed(Found.OTHER_PREFIX, told)
    outside = address(text(seen, "seen_as"))
    if outside is None:
        return failed(Found.NO_WAY_OUT, f"{told}; {text(seen, 'error') or 'no connection came about'}")
    told += f", seen outside as {outside}"
    if check.prefix is not None and outside not in check.prefix:
        return failed(Found.OTHER_PREFIX, told)
    return passed(Found.OWN_PREFIX, told)


def dns(check: DnsCheck, seen: Seen) -> Judgement:
    """Return what is made of a query to the router."""
    code = number(seen, "rcode")
    told = f"{check.resolver} asked for {text(seen, 'name')}: "
    if code is None:
        return failed(Found.NAMES_DO_NOT_RESOLVE, told + (text(seen, "error") or "no answer"))
    told += f"response code {int(code)}, {int(number(seen, 'answers') or 0)} answers"
    return passed(Found.NAMES_RESOLVE, told) if code in RESOLVED else failed(Found.NAMES_DO_NOT_RESOLVE, told)


def customer_firewall(check: FirewallCheck, seen: Seen) -> Judgement:
    """Return what is made of the customer's firewall calling out with its own addresses."""
    tries = [each for each in parts(seen, "tries") if (_in(check, text(each, "address")))]
    if not tries:
        return untold(Found.NOBODY_COULD_LOOK, f"the host there has no address of {check.within}")
    told = "; ".join(
        f"{text(each, 'address')} was seen as {text(each, 'seen_as') or 'nothing: ' + text(each, 'error')}"
        for each in tries
    )
    if any(not text(each, "seen_as") for each in tries):
        return failed(Found.NO_WAY_OUT, told)
    same = all(address(text(each, "seen_as")) == address(text(each, "address")) for each in tries)
    return passed(Found.SEEN_AS_ORDERED, told) if same else failed(Found.SEEN_OTHERWISE, told)


def _in(check: FirewallCheck, written: str) -> bool:
    known = address(written)
    return known is not None and known in check.within


def source_filter(check: SourceFilterCheck, seen: Seen) -> Judgement:
    """Return what is made of packets with a foreign source; one with the host's own source must have arrived."""
    got_out = [each for each in map(str, check.sources) if each in texts(seen, "arrived")]
    if got_out:
        return failed(Found.FOREIGN_PASSED, f"arrived: {', '.join(got_out)}")
    sent = [each for each in map(str, check.sources) if each in texts(seen, "sent")]
    families = {":" in each for each in texts(seen, "controls")}
    proven = [each for each in sent if (":" in each) in families]
    if not proven:
        return untold(Found.COULD_NOT_TELL, "packets with the host's own address did not arrive either")
    told = f"sent as {', '.join(proven)}: none arrived; with the host's own address they did"
    return passed(Found.FOREIGN_DROPPED, told)


def management(check: ManagementCheck, seen: Seen) -> Judgement:
    """Return what is made of the router's answers to SNMPv3."""
    name, status = text(seen, "name"), number(seen, "status")
    if not name:
        return failed(Found.NO_ANSWER, text(seen, "error") or "no answer")
    told = f"sysName {name}, ifOperStatus of {check.interface} {'missing' if status is None else int(status)}"
    if name != check.name:
        return failed(Found.OTHER_LINE, told)
    return passed(Found.MANAGED, told) if status == UP else failed(Found.BEARER_DOWN, told)


def configuration(check: ConfigurationCheck, seen: Seen) -> Judgement:
    """Return what is made of what the router has in force."""
    digest = text(seen, "digest")
    if not digest:
        return untold(Found.COULD_NOT_TELL, text(seen, "error") or "nothing was read back")
    told = f"read back: {digest[:12]}, planned: {check.digest[:12]}"
    return passed(Found.IN_FORCE, told) if digest == check.digest else failed(Found.OTHER_IN_FORCE, told)
