"""Do a line's addresses move with it? What its router announces on each bearer, held against what it has to.

The router is asked itself, for a configuration may be as planned and not be what runs. What it has in force is looked
at besides: what is announced by chance today is gone at the next start.
"""

from collections.abc import Iterable, Iterator

from provisioning.drills.findings import finding, gate
from provisioning.model.bearer import Bearer, Network, in_order
from provisioning.model.drill import Weight
from provisioning.model.readiness import LineSeen, ReadinessFinding, Standing

FACTS = ("I-6.2", "I-4.3")


def moving(seen: LineSeen) -> Iterator[ReadinessFinding]:
    """Yield what is to be said of the line's addresses; nothing where the router could not be asked."""
    if seen.report is None:
        return
    bearers = (seen.report.fixed, seen.report.mobile)
    tells = any(each.announced is not None for each in bearers)
    silence = seen.unheard or ("the router tells it of the other bearer only" if tells else "")
    yield from (_announced(each, seen, silence) for each in bearers)
    if tells:
        yield _nothing_else(bearers, seen)
    yield _as_planned(seen)


def _announced(bearer: Bearer, seen: LineSeen, silence: str) -> ReadinessFinding:
    name = bearer.name.value
    code, subject = f"announced-{name}", f"announced on {name}"
    if bearer.announced is None:
        return _not_told(code, subject, silence)
    missing = [each for each in seen.own if each not in bearer.announced]
    return gate(
        code,
        subject,
        not missing,
        f"the router {'does not announce' if missing else 'announces'} {_listed(missing or seen.own)} there",
        f"`proviso drift run {seen.line}` tells whether the router is as planned; else look at its BGP: a network to "
        "which it has no route is not announced.",
        *FACTS,
    )


def _not_told(code: str, subject: str, silence: str) -> ReadinessFinding:
    """Return that nobody knows, which stands in the way of a drill where the router was to tell.

    Args:
        silence: why it did not tell; empty for a router that does not tell such things.
    """
    if not silence:
        told = "the router does not tell; the plan in force is judged instead"
        return finding(code, subject, Weight.REPORT, Standing.UNKNOWN, told, "", *FACTS)
    remedy = "Try again; when it stays so, look at the router's BGP."
    return finding(code, subject, Weight.GATE, Standing.UNKNOWN, silence, remedy, *FACTS)


def _nothing_else(bearers: Iterable[Bearer], seen: LineSeen) -> ReadinessFinding:
    besides = {each.name.value: set(each.announced or ()).difference(seen.own) for each in bearers}
    told = "; ".join(f"{_listed(in_order(networks))} on {name}" for name, networks in besides.items() if networks)
    return finding(
        "announced-else",
        "nothing else announced",
        Weight.REPORT,
        Standing.BAD if told else Standing.GOOD,
        f"the router also announces {told}" if told else "nothing that is not the line's own",
        "Look at its route maps: whoever sends there would go by this line." if told else "",
        *FACTS,
    )


def _as_planned(seen: LineSeen) -> ReadinessFinding:
    standing = {True: Standing.GOOD, False: Standing.BAD, None: Standing.UNKNOWN}[seen.as_planned]
    what = _listed(seen.own)
    told = {
        True: f"in force is what was planned, by which both bearers announce {what}",
        False: f"the router is not as planned, by which both bearers would announce {what}",
        None: f"the configuration in force could not be read; to move: {what}",
    }
    return finding(
        "addresses-move",
        "addresses move, by the plan",
        Weight.GATE,
        standing,
        told[seen.as_planned],
        "" if standing is Standing.GOOD else f"`proviso drift run {seen.line}` tells how it differs.",
        *FACTS,
    )


def _listed(networks: Iterable[Network]) -> str:
    """Return networks as people write them, an address without its length."""
    return ", ".join(_written(each) for each in networks) or "nothing"


def _written(network: Network) -> str:
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
