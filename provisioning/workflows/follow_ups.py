"""Follow-up requests, made in the transaction in which the request that they follow from is in force.

The approval of the request that they follow from covers them, so nobody has to be there when an opening expires.
"""

from provisioning.changes.follow_ups import follow_ups
from provisioning.model.audit import Actor
from provisioning.model.change_request import ChangeRequest, RequestState
from provisioning.store import change_requests
from provisioning.workflows.auditing import Audit
from provisioning.workflows.settle_ends import settle_ends


def add_follow_ups(audit: Audit, request: ChangeRequest) -> list[ChangeRequest]:
    """Make the requests that follow from one that is in force; return them.

    Those of before that would close what this one has given another end are cancelled first.
    """
    return [
        *settle_ends(audit, request.line),
        *_added(audit, request),
    ]


def _added(audit: Audit, request: ChangeRequest) -> list[ChangeRequest]:
    return [
        change_requests.add_request(
            audit.connection,
            reference=each.reference,
            line=request.line,
            action=each.action,
            content=each.content,
            digest=each.digest,
            state=RequestState.APPROVED,
            requester=request.requester,
            submitter=Actor(request.submitter, ""),
            language=request.language,
            wanted_at=each.wanted_at,
            findings=(),
            billing=None,
            now=audit.at,
            parent=request.id,
        )
        for each in follow_ups(request, audit.at)
    ]
