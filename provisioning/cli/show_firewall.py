"""How the firewall of a line looks, to people and as JSON."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from provisioning.cli import output
from provisioning.clock import CONTRACT_TIME_ZONE

if TYPE_CHECKING:
    from datetime import datetime

    from provisioning.workflows.look_at_firewall import FirewallSeen, OpeningSeen


def print_firewall(seen: "FirewallSeen") -> None:
    """Print what is open on a line."""
    if seen.line.ceased_at is not None:
        output.print_line((f"{seen.line.id} was ceased on {_day(seen.line.ceased_at)}.", "yellow"))
    elif seen.line.activated_at is None and seen.line.adopted_at is None:
        output.print_line((f"{seen.line.id} is ordered, and not in service: nothing of this was proven.", "yellow"))
    if seen.openings:
        output.print_table(
            ("opening", "since", "by", "until", "remarks"),
            (
                (
                    each.opening,
                    _day(each.since),
                    each.by,
                    _minute(each.until) if each.until else "",
                    output.styled((", ".join(remarks(each)), "yellow")),
                )
                for each in seen.openings
            ),
            wraps=("opening", "remarks"),
        )
        if any(each.until for each in seen.openings):
            output.say("Times are those of Brussels.")
    else:
        output.say(f"Nothing is open on {seen.line.id}.")
    _print_router(seen)


def _print_router(seen: "FirewallSeen") -> None:
    if not seen.asked_router:
        return
    for each in seen.only_on_router:
        output.print_line(("only on the router  ", "bold red"), (each, ""))
    for unread in seen.unread:
        output.print_line(("not understood      ", "yellow"), (f"{unread.place}: {unread.what}, {unread.reason}", ""))
    if not seen.differs:
        output.print_line(("The router lets in exactly these.", "green"))


def remarks(seen: "OpeningSeen") -> Iterator[str]:
    """Yield what is worth a second look about an opening."""
    if seen.on_router is False:
        yield "not on the router"
    if seen.expired:
        yield "expired"
    if seen.duplicate:
        yield "duplicate"
    if seen.shadowed_by is not None:
        wider = seen.shadowed_by
        # Of the same ports, who may connect tells the two apart.
        sources = f" from {', '.join(map(str, wider.sources))}" if wider.sources else ""
        yield f"shadowed by {wider.ports}{sources}"


def firewall_data(seen: "FirewallSeen") -> dict[str, object]:
    """Return what is open on a line for JSON."""
    from provisioning.model.opening import plain_opening

    return {
        "line": seen.line.id,
        "state": seen.line.state,
        "openings": [
            {
                **plain_opening(each.opening),
                "since": each.since,
                "by": each.by,
                "until": each.until,
                "expired": each.expired,
                "duplicate": each.duplicate,
                "shadowed_by": plain_opening(each.shadowed_by) if each.shadowed_by else None,
                "on_router": each.on_router,
            }
            for each in seen.openings
        ],
        "asked_router": seen.asked_router,
        "differs": seen.differs if seen.asked_router else None,
        "only_on_router": [plain_opening(each) for each in seen.only_on_router],
        "unread": [{"place": str(each.place), "what": each.what, "reason": each.reason} for each in seen.unread],
    }


def _day(moment: "datetime | None") -> str:
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d}" if moment else ""


def _minute(moment: "datetime") -> str:
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d %H:%M}"
