"""Every code that the check of a change request can answer with besides those of order forms, and what it means.

Codes are stable for ever: scripts and people's memory depend on them. docs/change-refusals.md is written from this
list. What a request has in common with an order form (ports, targets, sources) is told by the order form's codes.
"""

from provisioning.model.finding import Codes

CODES = Codes()


_refusal, _warning = CODES.refusal, CODES.warning

REFERENCE_REUSED = _refusal("request-reference-reused", "The reference stands for another content", "I-8.6")
REQUESTER_NOT_LISTED = _refusal("requester-not-listed", "Whoever asks is no representative of the customer", "I-8.6")
NOBODY_LISTED = _refusal("requester-nobody-listed", "The customer has named no representative", "I-8.6")

LINE_NOT_THERE = _refusal("request-line-unknown", "No line has that id", "I-1")
LINE_OVER = _refusal("request-line-ceased", "The line is ceased", "I-10")
LINE_NOT_IN_SERVICE = _refusal("request-line-not-in-service", "The line was not brought into service yet", "I-7.2")
LINE_NOT_WHOLE = _refusal(
    "request-line-not-whole", "The line's order form does not say all that its router does", "I-8.1"
)
FIREWALL_NOT_MANAGED = _refusal(
    "request-firewall-not-managed", "The formula has no managed firewall, and no standard changes", "I-5.3", "I-8.5"
)

NOTHING_ASKED = _refusal("request-asks-nothing", "The request asks for nothing", "I-8.5")
SEVERAL_ASKED = _refusal("request-asks-several", "The request asks for several changes that go apart", "I-8.5")
NOTHING_TO_DO = _refusal("request-nothing-to-do", "All that is asked is so already", "I-8.5")

OPEN_ALREADY = _refusal("opening-duplicate", "It is open already, or asked for twice", "X-9", "I-5.1")
OPENING_OVERLAPS = _refusal("opening-overlaps", "A part of it is open already, or asked for twice", "X-9", "I-5.1")
OPENING_MERGED = _warning("opening-merged", "It is made one with what is open already", "X-9")
PORT_TAKEN = _refusal("opening-port-taken", "The port leads elsewhere already", "X-9")
CLOSED_TWICE = _refusal("closing-duplicate", "It is asked for twice", "X-9")
NOT_OPEN = _refusal("closing-not-open", "What is to be closed is not open", "X-9")
OPEN_TO_EVERYBODY = _refusal(
    "closing-open-to-everybody", "A source cannot be taken away from what is open to everybody", "X-9", "I-5.3"
)

WANTED_UNREADABLE = _refusal("wanted-unreadable", "The wanted time is no moment, or not one alone", "X-17")
WANTED_PAST = _refusal("wanted-past", "The wanted time is over", "X-17", "I-8.5")
WANTED_FAR = _refusal("wanted-far", "The wanted time is more than a year ahead", "I-8.5")
WANTED_OUTSIDE_WINDOW = _warning("wanted-outside-window", "The wanted time is in no change window", "I-8.5", "X-17")
UNTIL_UNREADABLE = _refusal("until-unreadable", "The end of an opening is no moment, or not one alone", "X-17")
UNTIL_PAST = _refusal("until-past", "The end of an opening is over, or not after the wanted time", "I-8.5")
UNTIL_OVERLAPS = _refusal("until-overlaps", "An opening with an end overlaps what is open without it", "X-9")
UNTIL_OUTSIDE_WINDOW = _warning(
    "until-outside-window", "The end of an opening is in no change window", "I-8.5", "X-17"
)

PACK_MISSING = _refusal("request-pack-missing", "Renumbering a line that has no IP Pack", "I-4.3")
SIDE_BY_SIDE = _refusal("request-side-by-side", "Not a time for which two IP Packs stand side by side", "I-4.4")
