"""Reads what vantage points say of streams and sessions: JSON from another machine, of which nothing is granted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from provisioning.judging.reading import Seen, number, part, parts, points, printable, text, texts
from provisioning.model.bearer import Family
from provisioning.model.drill import Bucket, Loss, Stream, StreamName
from provisioning.model.drill_traffic import HeldSession, Traffic

BUCKET_SECONDS = 0.1
MOST_BUCKETS = 50_000
"""More than of an hour."""

NAMES = {each.value: each for each in StreamName}


@dataclass(frozen=True, slots=True)
class Told:
    """What one place says.

    Attributes:
        seen: empty where it said nothing.
        at: when it said so, in seconds since all began.
        why_not: why it said nothing.
    """

    place: str
    seen: Seen
    at: float
    why_not: str = ""


def traffic_of(told: Iterable[Told], begun_at: datetime, at: float, missing: Mapping[str, str]) -> Traffic:
    """Return streams and sessions from what was said.

    Args:
        at: when it was asked for, in seconds since all began.
        missing: why nothing ran elsewhere, by place.
    """
    said = tuple(told)
    seen_as = {key: addresses for each in said for key, addresses in _senders(each.seen)}
    streams = [stream for each in said for stream in _streams(each, begun_at, seen_as)]
    sessions = [session for each in said for session in _sessions(each)]
    silent = [HeldSession(each.place, None, why_not=each.why_not) for each in said if each.why_not]
    silent += [HeldSession(place, None, why_not=why) for place, why in missing.items()] if not sessions else []
    return Traffic(at, tuple(streams), (*sessions, *silent))


def _senders(seen: Seen) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield from where the reflector got the packets of each stream."""
    for each in parts(seen, "reflected"):
        yield text(each, "id"), tuple(map(printable, texts(each, "from")))


def _streams(told: Told, begun_at: datetime, seen_as: Mapping[str, tuple[str, ...]]) -> Iterator[Stream]:
    age = number(told.seen, "age")
    for each in parts(told.seen, "flows"):
        name, interval = NAMES.get(text(each, "name")), number(each, "interval")
        if name is None or age is None or not interval or interval < 0 or text(each, "error"):
            continue
        began = told.at - age
        family: Family = 6 if text(each, "version") == "6" else 4
        yield Stream(
            name=name,
            family=family,
            interval=interval,
            begun_at=begun_at,
            sent=int(number(each, "sent") or 0),
            returned=int(number(each, "returned") or 0),
            losses=tuple(
                Loss(round(began + at, 3), int(packets)) for at, packets in points(each, "losses") if packets >= 1
            ),
            buckets=tuple(_buckets(each, began)),
            seen_as=seen_as.get(text(each, "id"), ()),
        )


def _buckets(flow: Seen, began: float) -> Iterator[Bucket]:
    first = number(flow, "first") or 0.0
    found = flow.get("buckets")
    for place, each in enumerate(found[:MOST_BUCKETS] if isinstance(found, list) else ()):
        if isinstance(each, list) and len(each) == 3:
            sent, returned, trip = (number({"": one}, "") for one in each)
            at = round(began + (first + place) * BUCKET_SECONDS, 3)
            yield Bucket(at, int(sent or 0), int(returned or 0), trip)


def _sessions(told: Told) -> Iterator[HeldSession]:
    for each in parts(told.seen, "flows"):
        session = part(each, "session")
        if session is None:
            continue
        name = f"{printable(text(each, 'name'))} to the internet"
        state = text(session, "state")
        if state in ("lives", "dead"):
            yield HeldSession(name, state == "lives", number(session, "stall"))
        else:
            yield HeldSession(name, None, why_not=printable(text(session, "why")) or "the session was not held")
