"""What follows from a request once it is in force, when it is due.

Each expiry of an opening is a request to close it; a renumbered IP Pack is retired once both have stood side by side.
Whoever approved the request has approved what follows from it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.changes.moments import read_moment
from provisioning.changes.rules.addresses import DEFAULT_SIDE_BY_SIDE, side_by_side
from provisioning.model.change_request import ChangeAction, ChangeRequest

KEPT_OF_AN_OPENING = ("ports", "to", "from")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A request that is to be made.

    Attributes:
        content: in plain data, as that of a request that was handed in.
        digest: of that content.
        wanted_at: when it is due.
    """

    reference: str
    action: ChangeAction
    content: Mapping[str, object]
    digest: str
    wanted_at: datetime


def follow_ups(request: ChangeRequest, now: datetime) -> list[FollowUp]:
    """Return what follows from a request, the soonest first.

    Args:
        request: that has come into force.
        now: when it did.
    """
    by_moment: dict[str, list[dict[str, object]]] = {}
    opened = request.content.get("open")
    for each in opened if isinstance(opened, list) else []:
        until = each.get("until")
        if until is not None:
            by_moment.setdefault(str(until), []).append({key: each[key] for key in KEPT_OF_AN_OPENING if key in each})
    made = [_closing(request, until, closes) for until, closes in by_moment.items()]
    if request.action is ChangeAction.RENUMBER_IP_PACK:
        made.append(_retiring(request, now))
    return sorted(made, key=lambda each: each.wanted_at)


def _closing(request: ChangeRequest, until: str, closes: list[dict[str, object]]) -> FollowUp:
    content = {"wanted": until, "close": closes}
    return _follow_up(request, ChangeAction.CLOSE_PORT, f"until-{until}", content, read_moment(until))


def _retiring(request: ChangeRequest, now: datetime) -> FollowUp:
    asked = request.content.get("ip_pack")
    written = asked.get("side_by_side") if isinstance(asked, Mapping) else None
    beside = side_by_side(str(written) if written is not None else None) or DEFAULT_SIDE_BY_SIDE
    return _follow_up(request, ChangeAction.RETIRE_IP_PACK, "retire", {"ip_pack": {"block": "retire"}}, now + beside)


def _follow_up(
    request: ChangeRequest, action: ChangeAction, end: str, content: Mapping[str, object], wanted_at: datetime
) -> FollowUp:
    # A colon stands in no customer's reference, so none can have taken it.
    reference = f"{request.id}:{end}"
    whole = {
        "schema": 1,
        "request": reference,
        "line": request.line,
        "requester": request.requester,
        "language": request.language,
        **content,
    }
    digest = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
    return FollowUp(reference, action, whole, digest, wanted_at)
