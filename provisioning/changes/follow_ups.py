"""What follows from a request once it is in force: each expiry of an opening is a request to close it, when it is due.

Whoever approved the request has approved what follows from it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.changes.moments import read_moment
from provisioning.model.change_request import ChangeAction, ChangeRequest

KEPT_OF_AN_OPENING = ("ports", "to", "from")
LONGEST_REFERENCE = 64


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


def follow_ups(request: ChangeRequest) -> list[FollowUp]:
    """Return what follows from a request, the soonest first: one for each moment at which openings expire."""
    by_moment: dict[str, list[dict[str, object]]] = {}
    opened = request.content.get("open")
    for each in opened if isinstance(opened, list) else []:
        until = each.get("until")
        if until is not None:
            by_moment.setdefault(str(until), []).append({key: each[key] for key in KEPT_OF_AN_OPENING if key in each})
    made = [_closing(request, until, closes) for until, closes in by_moment.items()]
    return sorted(made, key=lambda each: each.wanted_at)


def _closing(request: ChangeRequest, until: str, closes: list[dict[str, object]]) -> FollowUp:
    end = f"/until-{until}"
    reference = f"{request.reference[: LONGEST_REFERENCE - len(end)]}{end}"
    content = {
        "schema": 1,
        "request": reference,
        "line": request.line,
        "requester": request.requester,
        "wanted": until,
        "language": request.language,
        "close": closes,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return FollowUp(reference, ChangeAction.CLOSE_PORT, content, digest, read_moment(until))
