"""Keeping the follow-up requests of a line in step with what is open on it, and until when.

An opening whose end was moved, or that was closed before its end, must not be closed by what was made for the end that
it had: such a follow-up is cancelled, and made anew for what is left of it.
"""

from provisioning.changes.amend_form import close_in
from provisioning.changes.openings import blocks
from provisioning.changes.request import digest_of
from provisioning.model.change_request import WITHDRAWABLE, ChangeAction, ChangeRequest, RequestState
from provisioning.model.opening import Opening, opening_order
from provisioning.store import change_requests, openings
from provisioning.workflows.auditing import Audit

OVERTAKEN = "what it was to close is closed already, or ends at another time"


def settle_ends(audit: Audit, line: str) -> list[ChangeRequest]:
    """Cancel the follow-ups of a line that would close what is not to be closed then; return what takes their place.

    The records of the line's openings have been reconciled before.
    """
    until = {each.opening: each.until for each in openings.records_of(audit.connection, line)}
    made: list[ChangeRequest] = []
    for each in change_requests.follow_ups_of(audit.connection, line, ChangeAction.CLOSE_PORT):
        if each.state not in WITHDRAWABLE:
            continue
        closes = set(until) - close_in(until, blocks(each.content.get("close")))
        left = {opening for opening in closes if until[opening] == each.wanted_at}
        if left and left == closes:
            continue
        change_requests.enter_state(
            audit.connection,
            each.id,
            RequestState.CANCELLED,
            at=audit.at,
            actor=audit.actor,
            action="change cancel",
            reason=OVERTAKEN,
        )
        if left:
            made.append(_again(audit, each, left))
    return made


def _again(audit: Audit, before: ChangeRequest, left: set[Opening]) -> ChangeRequest:
    # A colon stands in no customer's reference, so none can have taken it.
    reference = f"{before.parent}:rest-of-{before.id}"
    closes = [_close(each) for each in sorted(left, key=opening_order)]
    content = {**before.content, "request": reference, "close": closes}
    return change_requests.add_request(
        audit.connection,
        reference=reference,
        line=before.line,
        action=before.action,
        content=content,
        digest=digest_of(content),
        state=RequestState.APPROVED,
        requester=before.requester,
        submitter=audit.actor,
        language=before.language,
        wanted_at=before.wanted_at,
        findings=(),
        billing=None,
        now=audit.at,
        parent=before.parent,
    )


def _close(opening: Opening) -> dict[str, object]:
    sources = {"from": [str(each) for each in opening.sources]} if opening.sources else {}
    return {"ports": [str(opening.ports)], "to": str(opening.target), **sources}
