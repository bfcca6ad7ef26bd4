"""Judges a change request: every reason why not at once, each with its place, facts and remedy."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from provisioning.changes import codes
from provisioning.changes.case import RequestCase, moment_of
from provisioning.changes.ends import ends_of
from provisioning.changes.form import RequestForm
from provisioning.changes.openings import opened_by, openings_of
from provisioning.changes.rules import addresses, asked, items, ports, when, who
from provisioning.changes.rules.addresses import interface_id, next_hop_of
from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.change_request import ChangeAction
from provisioning.model.finding import Finding, Severity, refused
from provisioning.model.line import Line, LineState
from provisioning.model.opening import OpeningRecord
from provisioning.orders import codes as order_codes
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole

_ENTRY = re.compile(r"servers\.(\d+)(\..*)?", re.ASCII)
_TOLD_HERE = {
    code.name for code in (order_codes.PORT_CLAIMED_TWICE, order_codes.PORT_RESERVED, order_codes.PORT_MALFORMED)
}
"""What the rules of requests have told already, in words of the request, wherever they found anything."""


@dataclass(frozen=True, slots=True)
class RequestJudgement:
    """What is to be said of a request.

    Attributes:
        findings: refusals first, then warnings.
        action: None where the request asks for nothing, or for several things.
        wanted_at: None for as soon as possible, and where it cannot be read.
    """

    findings: tuple[Finding, ...]
    action: ChangeAction | None
    wanted_at: datetime | None

    @property
    def accepted(self) -> bool:
        """Whether nothing stands against the request."""
        return not refused(self.findings)


def judge(
    form: RequestForm,
    line: Line | None,
    *,
    now: datetime,
    not_whole: str = "",
    records: Sequence[OpeningRecord] = (),
) -> RequestJudgement:
    """Judge a change request of a line, as both are now.

    Args:
        form: the request.
        line: as the store has it; None where there is none of that id.
        now: any moment.
        not_whole: why the line's order form does not say all that its router does; empty where it does.
        records: since when, by whom and until when what is open on the line is open.

    Raises:
        UnreadableForm: when this version cannot read the form that the line keeps, or request and form make none.
    """
    case = RequestCase(form, now, line, not_whole, tuple(records))
    unreadable = list(items.items_can_be_read(case))
    case = replace(case, unreadable=items.places_left_out(case, unreadable))
    rules = (*who.RULES, *asked.RULES, *when.RULES, *addresses.RULES)
    found = [*(finding for rule in rules for finding in rule(case)), *unreadable]
    if _can_be_relied_on(case):
        found += [finding for rule in (*ports.RULES, items.targets_are_in_the_lan) for finding in rule(case)]
        found += _of_the_whole(case, {each.code for each in found})
        if not refused(tuple(found)):
            found += _nothing_to_do(case)
    findings = tuple(sorted(dict.fromkeys(found), key=lambda each: each.severity is Severity.WARNING))
    actions = form.actions
    return RequestJudgement(findings, actions[0] if len(actions) == 1 else None, moment_of(form.wanted))


def _can_be_relied_on(case: RequestCase) -> bool:
    in_service = case.line is not None and case.line.state in (LineState.ACTIVE, LineState.ADOPTED)
    return in_service and case.managed and not case.not_whole


def _of_the_whole(case: RequestCase, told: set[str]) -> Iterator[Finding]:
    """Yield what the contract says of the line's form with the request worked in, at the request's places."""
    if case.line is None or not (case.form.open or case.form.close or case.form.next_hop is not None):
        return
    before = _judged(case.line.form, case.line, case.now)
    amended = case.amended
    known = {(each.code, each.reason) for each in before}
    for finding in _judged(amended, case.line, case.now):
        if (finding.code, finding.reason) in known:
            continue
        if finding.code in _TOLD_HERE and (finding.code in told or codes.PORT_TAKEN.name in told):
            continue
        yield replace(finding, where=_place(finding.where, amended, case))


def _judged(form: Mapping[str, object], line: Line, now: datetime) -> tuple[Finding, ...]:
    today: date = now.astimezone(CONTRACT_TIME_ZONE).date()
    return check_whole(stored(form, line.id), today, sold=line.formula).findings


def _place(where: str, amended: Mapping[str, object], case: RequestCase) -> str:
    """Return the place in the request that a place in the amended form comes from; `open` where nobody can tell."""
    if where == "lan.next_hop":
        return "next_hop"
    match, servers = _ENTRY.fullmatch(where), amended.get("servers")
    if match is None or not isinstance(servers, list):
        return where
    entry = servers[int(match[1])]
    parts = (match[2] or "").split(".")[1:]
    named = {**entry, "ports": [entry["ports"][int(parts[1])]]} if parts[:1] == ["ports"] and parts[1:] else entry
    meant = list(opened_by(named))
    for place, item in case.items("open"):
        if any(
            one.target == other.target and one.ports.overlaps(other.ports)
            for one in opened_by(item)
            for other in meant
        ):
            return f"{place}.{parts[0]}" if parts else place
    return "open"


def _nothing_to_do(case: RequestCase) -> Iterator[Finding]:
    if case.line is None:
        return
    form, line = case.form, case.line
    if form.next_hop is not None and interface_id(form.next_hop) == next_hop_of(line.form):
        yield codes.NOTHING_TO_DO.at("next_hop", f"{form.next_hop} is the next hop already.", "Name another one.")
    if (form.open or form.close) and case.amended == line.form and not _moves_an_end(case):
        yield codes.NOTHING_TO_DO.at(
            "open" if form.open else "close",
            f"All that is asked is so on {line.id} already.",
            f"`proviso firewall show {line.id}` tells what is open.",
        )


def _moves_an_end(case: RequestCase) -> bool:
    known = {each.opening: each.until for each in case.records}
    ends = ends_of(case.content, openings_of(case.amended))
    return any(known.get(opening) != until for opening, until in ends.items())
