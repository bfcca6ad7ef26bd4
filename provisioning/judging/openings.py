"""Judges openings: told apart are answered at the right host, let through but nobody answers, and shut.

A try is what the internet saw of one port, a witness what a host behind the router saw at the same time. The source
address and port of a try are not translated on the way in, so that the two can be laid side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from provisioning.judging.judgement import Judgement, failed, passed, untold
from provisioning.judging.reading import Seen, address, number, part, parts, text
from provisioning.model.checks.openings import ClosedPortCheck, OpeningCheck, RoutedBlockCheck, ShutCheck
from provisioning.model.proof import Found
from provisioning.model.verdict import Outcome

NOBODY_THERE = frozenset({(3, 1), (1, 3)})
"""ICMP type and code of host unreachable (RFC 792) and of address unreachable (ICMPv6, RFC 4443): told by whoever
would have delivered the packet, behind every filter. Others, such as "administratively prohibited", tell of a filter
or of a missing route. The families share no pair with different meanings here: IPv4 has type 3, IPv6 type 1."""

NOT_THAT_PORT = frozenset({(3, 2), (3, 3), (1, 4)})
"""Protocol and port unreachable: a host says so of a datagram, and firewalls say it of anything that they reject. Of
TCP no host says it (RFC 9293, 3.5.2: it resets), so that it tells of a filter there."""

_WORST_FIRST = (
    Found.SHUT,
    Found.WRONG_HOST,
    Found.STOPPED,
    Found.COULD_NOT_TELL,
    Found.SILENT,
    Found.LET_THROUGH,
    Found.ANSWERED,
    Found.RIGHT_HOST,
)


@dataclass(frozen=True, slots=True)
class _Port:
    found: Found
    evidence: str


def opening(check: OpeningCheck, seen: Seen) -> Judgement:
    """Return what is made of an opening: that of its worst port."""
    mine = (check.ports.protocol, str(check.address))
    tries = {
        number(each, "port"): each
        for each in parts(seen, "tries")
        if (text(each, "protocol"), text(each, "address")) == mine
    }
    missing = [port for port in check.tried if port not in tries]
    if missing or not check.tried:
        return untold(Found.COULD_NOT_TELL, f"no answer on {_list(missing)} came back from the vantage point")
    elsewhere = sorted(
        {text(tries[port], "from").split(" ")[0] for port in check.tried if not _may(check, tries[port])}
    )
    if elsewhere:
        return untold(Found.NOBODY_COULD_LOOK, f"{_list(elsewhere)} is none of those who may connect")
    witness = part(seen, "witness")
    ports = {port: _port(check, tries[port], witness) for port in check.tried}
    worst = min((each.found for each in ports.values()), key=_WORST_FIRST.index)
    outcome = _OUTCOMES[worst]
    return Judgement(outcome, worst, _told(ports))


_OUTCOMES = {
    Found.SHUT: Outcome.FAILED,
    Found.WRONG_HOST: Outcome.FAILED,
    Found.STOPPED: Outcome.FAILED,
    Found.COULD_NOT_TELL: Outcome.NOT_OBSERVED,
    Found.SILENT: Outcome.NOT_OBSERVED,
    Found.LET_THROUGH: Outcome.PASSED,
    Found.ANSWERED: Outcome.PASSED,
    Found.RIGHT_HOST: Outcome.PASSED,
}


def _port(check: OpeningCheck, one: Seen, witness: Seen | None) -> _Port:
    state, how = text(one, "state"), _how(one)
    arrived = _arrived(one, witness, str(check.target), check.shift)
    # A host that has the target address, or is where its block is routed to, sees all that gets there.
    sees_all = witness is not None and witness.get("owns") is True and witness.get("sniffs") is True
    if arrived:
        how += f"; {text(witness or {}, 'name')} saw it arrive at {check.target}"
    if state == "open":
        right = arrived or _nonce(one, witness)
        if not right and sees_all:
            return _Port(Found.WRONG_HOST, how)
        return _Port(Found.RIGHT_HOST if right else Found.ANSWERED, how)
    if arrived:
        return _Port(Found.LET_THROUGH, how)
    if state == "refused" or (state == "unreachable" and _delivered(one, check.target)):
        return _Port(Found.STOPPED if sees_all else Found.LET_THROUGH, how)
    if state == "unreachable" and _code(one) in NOT_THAT_PORT and text(one, "protocol") == "udp" and not sees_all:
        return _Port(Found.COULD_NOT_TELL, how)
    if state == "unreachable":
        return _Port(Found.SHUT, how)
    if state == "timeout":
        return _Port(Found.SHUT, how)
    if state == "silent":
        return _Port(Found.SHUT if sees_all else Found.SILENT, how)
    return _Port(Found.COULD_NOT_TELL, how)


def _may(check: OpeningCheck, one: Seen) -> bool:
    """Return whether who called may connect; of one that sent nothing, nobody knows."""
    caller = address(text(one, "from").split(" ")[0])
    return not check.sources or caller is None or any(caller in each for each in check.sources)


def shut(check: ShutCheck, seen: Seen) -> Judgement:
    """Return what is made of ports that are shut to whoever calls, and open to others at most."""
    mine = (check.ports.protocol, str(check.address))
    tries = {
        number(each, "port"): each
        for each in parts(seen, "tries")
        if (text(each, "protocol"), text(each, "address")) == mine
    }
    missing = [port for port in check.tried if port not in tries]
    if missing or not check.tried:
        return untold(Found.COULD_NOT_TELL, f"no answer on {_list(missing)} came back from the vantage point")
    callers = {address(text(tries[port], "from").split(" ")[0]) for port in check.tried}
    if any(caller is not None and any(caller in each for each in check.allowed) for caller in callers):
        return untold(Found.NOBODY_COULD_LOOK, f"{_list(sorted(map(str, callers)))} is one of those who may connect")
    witness = part(seen, "witness")
    bad, odd = [], []
    for port in check.tried:
        one = tries[port]
        state = text(one, "state")
        if state in ("open", "refused") or _arrived(one, witness, str(check.target), check.shift):
            bad.append(f"{port}: {_how(one)}")
        elif state not in ("timeout", "silent", "unreachable") or _code(one) in NOBODY_THERE:
            odd.append(f"{port} ({_how(one)})")
        elif state == "silent" and (witness is None or witness.get("sniffs") is not True):
            odd.append(f"{port} (silent, and nobody watches behind the router)")
    if bad:
        return failed(Found.NOT_SHUT, "; ".join(bad[:6]))
    if odd:
        return untold(Found.COULD_NOT_TELL, f"whether it is shut cannot be told of {_list(odd)}")
    return passed(
        Found.SHUT_TO_THEM, f"{_list(sorted(map(str, callers)))} called {_list(check.tried)}: nothing came back"
    )


def closed_port(check: ClosedPortCheck, seen: Seen) -> Judgement:
    """Return what is made of a port that must be shut: nothing may come back, and nothing arrive behind the router."""
    tries = {text(each, "address"): each for each in parts(seen, "tries") if number(each, "port") == check.port}
    missing = [str(each) for each in check.addresses if str(each) not in tries]
    witnesses = parts(seen, "witnesses")
    bad, odd = [], []
    for called in map(str, check.addresses):
        one = tries.get(called, {})
        state = text(one, "state")
        if state in ("open", "refused") or any(_arrived(one, each, called) for each in witnesses):
            bad.append(f"{called}: {_how(one)}")
        elif state not in ("timeout", "unreachable") or _code(one) in NOBODY_THERE:
            # Whoever says that nobody is there has let the packet through; or has no route to there at all.
            odd.append(f"{called} ({_how(one)})" if one else called)
    if bad:
        return failed(Found.NOT_SHUT, "; ".join(bad))
    if missing or not check.addresses:
        return untold(Found.COULD_NOT_TELL, f"no answer on {_list(missing)} came back from the vantage point")
    if odd:
        return untold(Found.COULD_NOT_TELL, f"whether it is shut cannot be told of {_list(odd)}")
    silent = sum(text(each, "state") == "timeout" for each in tries.values())
    said = f"{len(check.addresses)} tried, {silent} silent, {len(check.addresses) - silent} said to be unreachable"
    return passed(Found.SHUT_EVERYWHERE, said)


def routed_block(check: RoutedBlockCheck, seen: Seen) -> Judgement:
    """Return what is made of the route to the second /57: it is there when a packet arrives at the firewall."""
    witness = part(seen, "witness")
    one = next(iter(parts(seen, "tries")), None)
    tried = one is not None and text(one, "state") not in ("", "unsent")
    if witness is None or one is None or not tried or witness.get("sniffs") is not True:
        return untold(Found.NOBODY_COULD_LOOK, "no host that could tell stands where the block is routed to")
    how = f"{check.protocol}/{check.port} of {check.address}: {_how(one)}"
    if _arrived(one, witness, str(check.address)):
        return passed(Found.ARRIVES_AT_FIREWALL, how)
    return failed(Found.DOES_NOT_ARRIVE, how)


def _arrived(one: Seen, witness: Seen | None, target: str, shift: int = 0) -> bool:
    """Return whether a witness saw a call; `shift` is what translation adds to its port."""
    if witness is None or not text(one, "from"):
        return False
    wanted = (text(one, "protocol") or "tcp", text(one, "from"), target, (number(one, "port") or 0) + shift)
    return any(
        (text(each, "protocol"), text(each, "from"), text(each, "to"), number(each, "port")) == wanted
        for each in parts(witness, "arrivals")
    )


def _nonce(one: Seen, witness: Seen | None) -> bool:
    nonce = text(witness, "nonce") if witness is not None else ""
    return bool(nonce) and nonce in text(one, "answer")


def _delivered(one: Seen, target: object) -> bool:
    """Return whether a packet got as far as nobody, or as a host that says itself that nobody listens."""
    itself = text(one, "protocol") == "udp" and text(one, "by") == str(target)
    return _code(one) in NOBODY_THERE or (itself and _code(one) in NOT_THAT_PORT)


def _code(one: Seen) -> tuple[float | None, float | None]:
    return number(one, "icmp_type"), number(one, "icmp_code")


def _how(one: Seen) -> str:
    state, after = text(one, "state") or "nothing", number(one, "ms")
    said = {
        "open": "connected",
        "refused": "refused (RST)",
        "unreachable": f"{text(one, 'icmp') or 'unreachable'}, says {text(one, 'by') or 'the network'}",
        "timeout": "no answer",
        "silent": "no answer",
        "unsent": f"not sent: {text(one, 'why') or 'no way there'}",
    }.get(state, state)
    if text(one, "protocol") == "udp" and state == "open":
        said = "answered"
    return f"{said} after {after:.0f} ms" if after is not None else said


def _told(ports: dict[int, _Port]) -> str:
    """Return the evidence, ports with the same finding together."""
    groups: dict[Found, list[int]] = {}
    for port, each in ports.items():
        groups.setdefault(each.found, []).append(port)
    return "; ".join(f"{_list(some)}: {found} ({ports[some[0]].evidence})" for found, some in groups.items())


def _list(some: Sequence[object]) -> str:
    shown = ", ".join(map(str, some[:6]))
    return f"{shown} and {len(some) - 6} more" if len(some) > 6 else shown
