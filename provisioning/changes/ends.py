"""Until when a request opens what it opens."""

from collections.abc import Iterable
from datetime import datetime

from provisioning.changes.cover import Overlaps, kind_of
from provisioning.changes.moments import read_moment
from provisioning.changes.openings import Plain, blocks, opened_by
from provisioning.model.opening import Opening


def ends_of(content: Plain, openings: Iterable[Opening]) -> dict[Opening, datetime | None]:
    """Return until when a request wants openings open that it names; None where they are to stay.

    Args:
        content: the request's, accepted, in plain data.
        openings: all that is open once the request is worked in.

    Raises:
        ValueError: when an entry of the content cannot be read.
    """
    found: dict[Opening, datetime | None] = {}
    overlaps = Overlaps(openings)
    for item in blocks(content.get("open")):
        until = item.get("until")
        end = read_moment(str(until)) if until is not None else None
        for opening in opened_by(item):
            met = (each for each in overlaps.of(opening.ports) if kind_of(each) == kind_of(opening))
            found.update(dict.fromkeys(met, end))
    return found
