"""The texts for what stood in the way of a backup; each is a message id of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.reports.words import message


@dataclass(frozen=True, slots=True)
class CauseTerm:
    """A cause as people know it, and what to do about it."""

    title: str
    remedy: str


CAUSES: Mapping[str, CauseTerm] = {
    "unreachable": CauseTerm(
        message("The router does not answer"),
        message("Is the line up? Where many went silent at once, look at what they share: OLT, path, proxy."),
    ),
    "timeout": CauseTerm(
        message("The router answers too slowly"),
        message("Try one again by day; many at once mean a busy path, or too many routers at once in the settings."),
    ),
    "authentication": CauseTerm(
        message("The router does not let us in"),
        message("Is the account still there, and is the key the one of the settings?"),
    ),
    "host key": CauseTerm(
        message("The router has another host key"),
        message("Find out why before anything else: a router that was replaced, or somebody in between."),
    ),
    "incomplete": CauseTerm(
        message("The backup lacks something"),
        message("The message names the item. What was kept before stays; look at the router, then back it up again."),
    ),
    "not kept": CauseTerm(
        message("The backup could not be kept"),
        message("Look at the space and the permissions of the backup folder; the backups of before can be read."),
    ),
    "not understood": CauseTerm(
        message("The answer of the router makes no sense"),
        message("Log in by hand and look at what it says; a new version of its software may word it otherwise."),
    ),
    "busy": CauseTerm(
        message("The line was being changed"),
        message("Nothing is wrong: back it up once the run has ended."),
    ),
    "rejected": CauseTerm(
        message("The router refused the command"),
        message("Look at the rights of the account on this router."),
    ),
    "stopped": CauseTerm(
        message("The run was stopped"),
        message("Nothing is wrong: back up what is left."),
    ),
    "environment": CauseTerm(
        message("The place where Proviso runs was in the way"),
        message("The message says what: space, permissions, another process."),
    ),
    "olt unreachable": CauseTerm(
        message("The OLT does not answer"),
        message("Is it reachable from here? All of its lines miss at once; what their routers have is kept."),
    ),
    "olt timeout": CauseTerm(
        message("The OLT answers too slowly"),
        message(
            "Does somebody work on it, or does it save? Back its lines up again by day; what the routers have is kept."
        ),
    ),
    "olt authentication": CauseTerm(
        message("The OLT does not let us in"),
        message("Are the account and its password those of the inventory? What the routers have is kept."),
    ),
    "olt host key": CauseTerm(
        message("The OLT has another host key"),
        message("Find out why before anything else: an OLT that was replaced, or somebody in between."),
    ),
}
OF_AN_OLT = "olt "
"""How causes begin that are an OLT's."""

OTHER_OLT = CauseTerm(
    message("The OLT’s part could not be fetched"), message("The message says why; what the routers have is kept.")
)
OTHER_CAUSE = CauseTerm(message("Another trouble"), message("The message says what; try one of these lines by hand."))


def cause_term(cause: str) -> CauseTerm:
    """Return what a cause is called, and what to do about it."""
    return CAUSES.get(cause, OTHER_OLT if cause.startswith(OF_AN_OLT) else OTHER_CAUSE)
