"""Lists from the store by Python's own sqlite3: for what a person waits for at a prompt, or after a press of Tab.

Loading SQLAlchemy and the models takes several times as long as all that is done here; a list needs neither.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from provisioning.errors import UnknownName
from provisioning.model.drill import drill_id
from provisioning.model.incident import incident_id
from provisioning.model.line_id import line_id, line_number, no_line
from provisioning.model.listed import RequestListed, RunListed, RunListedWhole
from provisioning.model.night_id import night_id
from provisioning.model.numbered import LONGEST
from provisioning.model.request_id import request_id, request_number
from provisioning.model.run_id import run_id, run_number
from provisioning.model.verdict import CheckResult, Outcome, Verdict, Viewpoint, Weight
from provisioning.store.revisions import FILE_NAME, HEAD

WAIT_SECONDS = 5.0

_RUN = "id, line_id, order_number, kind, scope, stage, state, started_at, ended_at, message, trouble, request_id"
_RUN_WHOLE = f"{_RUN}, json_extract(verdict, '$.results')"
_REQUEST = "id, reference, line_id, action, state, requester, submitted_at, wanted_at, parent_id, reason, billing"

_Row = tuple[Any, ...]
"""What SQLite's driver hands out has no types."""


class Glance:
    """What one sees of a store without touching it.

    Args:
        connection: to a store of this version; None for a store that does not exist yet.
        where: the store, for errors.

    Raises:
        EnvironmentTrouble: each of the calls, when the store turns out to be unusable.
    """

    def __init__(self, connection: sqlite3.Connection | None, where: str) -> None:
        self._connection = connection
        self._where = where

    def close(self) -> None:
        """Give the file back."""
        if self._connection is not None:
            self._connection.close()

    def need_line(self, identifier: str) -> None:
        """Look whether a line exists.

        Raises:
            UnknownName: when it is no line id, or there is no such line.
        """
        with suppress(ValueError):
            if self._rows("select 1 from line where id = ?", line_number(identifier)):
                return
        raise no_line(identifier)

    def need_run(self, identifier: str) -> None:
        """Look whether a run exists.

        Raises:
            UnknownName: when it is no run id, or there is no such run.
        """
        with suppress(ValueError):
            if self._rows("select 1 from run where id = ?", run_number(identifier)):
                return
        raise UnknownName(f"there is no run {identifier!r}", where="run", remedy="`proviso run list` shows the runs.")

    def runs(self, *, line: str | None = None, after: str | None = None, limit: int) -> list[RunListed]:
        """Return runs, the latest first, optionally of a line, or those before a run."""
        return [_run(row) for row in self._runs(_RUN, line, after, limit)]

    def whole_runs(self, *, line: str | None = None, after: str | None = None, limit: int) -> list[RunListedWhole]:
        """Return runs with what was observed, the latest first."""
        return [_whole(row) for row in self._runs(_RUN_WHOLE, line, after, limit)]

    def complete_run(self, incomplete: str, *, limit: int) -> list[tuple[str, str, str]]:
        """Return runs whose id begins so, the latest first, with order and state."""
        columns = "id, order_number, state"
        found = self._beginning("run", columns, incomplete.removeprefix("R-").removeprefix("R"), limit, latest=True)
        return [(run_id(row[0]), row[1], row[2]) for row in found if run_id(row[0]).startswith(incomplete)]

    def complete_drill(self, incomplete: str, *, limit: int) -> list[tuple[str, str, str]]:
        """Return drills whose id begins so, the latest first, with line and state."""
        digits = incomplete.removeprefix("D-").removeprefix("D")
        found = self._beginning("drill", "id, line_id, state", digits, limit, latest=True)
        return [
            (drill_id(row[0]), line_id(row[1]), row[2]) for row in found if drill_id(row[0]).startswith(incomplete)
        ]

    def complete_announcement(self, incomplete: str, *, limit: int) -> list[tuple[str, str, str]]:
        """Return announcements that stand, whose number begins so, the latest first, with line and begin."""
        columns = "id, line_id, opens_at, withdrawn_at"
        found = self._beginning("drill_announcement", columns, incomplete, limit, latest=True)
        return [(str(row[0]), line_id(row[1]), str(row[2])[:16]) for row in found if row[3] is None]

    def complete_incident(self, incomplete: str, *, only_open: bool, limit: int) -> list[tuple[str, str, str]]:
        """Return incidents whose id begins so, the latest first, with line and priority."""
        if only_open:
            # In no order: else every incident that ever was would be gone through for it.
            statement = "select id, line_id, priority from incident where closed_at is null"
            found = sorted(self._rows(statement), reverse=True)
        else:
            digits = incomplete.removeprefix("F-").removeprefix("F")
            found = self._beginning("incident", "id, line_id, priority", digits, limit, latest=True)
        named = ((incident_id(row[0]), line_id(row[1]), str(row[2])) for row in found)
        return [each for each in named if each[0].startswith(incomplete)][:limit]

    def complete_line(self, incomplete: str, *, limit: int) -> list[tuple[str, str]]:
        """Return lines whose id begins so, the oldest first, with their customers."""
        digits = incomplete.removeprefix("L-").removeprefix("L")
        found = self._beginning("line", "id, customer", digits, limit, latest=False)
        return [(line_id(row[0]), row[1]) for row in found if line_id(row[0]).startswith(incomplete)]

    def complete_customer(self, incomplete: str, *, limit: int) -> list[str]:
        """Return the customers whose name begins so, by name."""
        statement = "select distinct customer from line where substr(customer, 1, ?) = ? order by customer limit ?"
        return [str(row[0]) for row in self._rows(statement, len(incomplete), incomplete, limit)]

    def complete_night(self, incomplete: str, *, limit: int) -> list[tuple[str, str]]:
        """Return runs over the fleet whose id begins so, the latest first, with when they began."""
        digits = incomplete.removeprefix("B-").removeprefix("B")
        found = self._beginning("backup_run", "id, started_at", digits, limit, latest=True)
        return [(night_id(row[0]), str(row[1])[:16]) for row in found if night_id(row[0]).startswith(incomplete)]

    def complete_request(self, incomplete: str, *, limit: int) -> list[tuple[str, str, str]]:
        """Return change requests whose id begins so, the latest first, with reference and state."""
        digits = incomplete.removeprefix("C-").removeprefix("C")
        found = self._beginning("change_request", "id, reference, state", digits, limit, latest=True)
        return [(request_id(row[0]), row[1], row[2]) for row in found if request_id(row[0]).startswith(incomplete)]

    def requests(
        self, *, line: str | None = None, states: Sequence[str] = (), after: str | None = None, limit: int
    ) -> list[RequestListed]:
        """Return change requests, the latest first: of a line, in one of some states, or those before a request."""
        conditions, given = list[str](), list[object]()
        if line is not None:
            conditions.append("line_id = ?")
            given.append(line_number(line))
        if states:
            conditions.append(f"state in ({', '.join('?' * len(states))})")
            given.extend(states)
        if after is not None:
            conditions.append("id < ?")
            given.append(request_number(after))
        where = f"where {' and '.join(conditions)}" if conditions else ""
        # Names of columns and conditions are ours; what others wrote is bound.
        statement = f"select {_REQUEST} from change_request {where} order by id desc limit ?"  # noqa: S608
        return [_request(row) for row in self._rows(statement, *given, limit)]

    def need_request(self, identifier: str) -> None:
        """Look whether a change request exists.

        Raises:
            UnknownName: when it is no request id, or there is no such request.
        """
        with suppress(ValueError):
            if self._rows("select 1 from change_request where id = ?", request_number(identifier)):
                return
        raise UnknownName(
            f"there is no change request {identifier!r}",
            where="change request",
            remedy="`proviso change list` shows the requests.",
        )

    def _runs(self, columns: str, line: str | None, after: str | None, limit: int) -> list[_Row]:
        conditions: list[str] = []
        given: list[int] = []
        if line is not None:
            conditions.append("line_id = ?")
            given.append(line_number(line))
        if after is not None:
            conditions.append("id < ?")
            given.append(run_number(after))
        where = f"where {' and '.join(conditions)}" if conditions else ""
        # Names of columns and conditions are ours; what others wrote is bound.
        return self._rows(f"select {columns} from run {where} order by id desc limit ?", *given, limit)  # noqa: S608

    def _beginning(self, table: str, columns: str, digits: str, limit: int, *, latest: bool) -> list[_Row]:
        """Return rows whose number begins with these digits, each by the key: `12` is 12, 120 to 129, and so on."""
        if digits and not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST):
            return []
        order = "desc" if latest else "asc"
        found: list[_Row] = []
        ranges = _ranges(digits)
        for first, last in reversed(ranges) if latest else ranges:
            statement = f"select {columns} from {table} where id between ? and ? order by id {order} limit ?"  # noqa: S608
            found += self._rows(statement, first, last, limit - len(found))
        return found

    def _rows(self, statement: str, *given: object) -> list[_Row]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, given).fetchall()
        except sqlite3.Error as error:
            from provisioning.store.engine import trouble

            raise trouble(error, self._where) from error


def open_glance(state: Path) -> Glance | None:
    """Return a look at the store of a state directory, in which nothing is made.

    Returns:
        None when the store is not of this version, or cannot be opened: who opens it as a Store migrates it, or is
        told why not.
    """
    path = state / FILE_NAME
    try:
        if not path.exists():
            return Glance(None, str(path))
        # A database in WAL mode wants to write beside itself even for readers; what it holds stays untouched.
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=WAIT_SECONDS)
    except (sqlite3.Error, OSError):
        return None
    with suppress(sqlite3.Error):
        connection.execute("pragma query_only = on")
        if connection.execute("select version_num from alembic_version").fetchone() == (HEAD,):
            return Glance(connection, str(path))
    connection.close()
    return None


def _ranges(digits: str) -> list[tuple[int, int]]:
    if not digits:
        return [(1, 10**LONGEST)]
    if digits.startswith("0"):
        return []
    powers = (10**more for more in range(LONGEST + 1 - len(digits)))
    return [(int(digits) * power, (int(digits) + 1) * power - 1) for power in powers]


def _run(row: _Row) -> RunListed:
    number, line, order, kind, scope, stage, state, started_at, ended_at, message, trouble, request = row[:12]
    return RunListed(
        id=run_id(number),
        line=line_id(line),
        order=order,
        kind=kind,
        scope=scope,
        stage=stage,
        state=state,
        started_at=_moment(started_at),
        ended_at=_moment(ended_at) if ended_at is not None else None,
        message=message,
        trouble=json.loads(trouble) if trouble is not None else None,
        request=request_id(request) if request is not None else "",
    )


def _request(row: _Row) -> RequestListed:
    number, reference, line, action, state, requester, submitted_at, wanted_at, parent, reason, billing = row
    return RequestListed(
        id=request_id(number),
        reference=reference,
        line=line_id(line),
        action=action,
        state=state,
        requester=requester,
        submitted_at=_moment(submitted_at),
        wanted_at=_moment(wanted_at) if wanted_at is not None else None,
        parent=request_id(parent) if parent is not None else "",
        reason=reason,
        free=json.loads(billing)["free"] if billing is not None else None,
    )


def _whole(row: _Row) -> RunListedWhole:
    results = row[-1]
    checks = json.loads(results) if results is not None else None
    return RunListedWhole(
        run=_run(row),
        proven=_proven(checks) if checks is not None else None,
        checks=checks if checks is not None else [],
    )


def _proven(checks: list[dict[str, Any]]) -> bool:
    """Return the verdict's own answer, from the four things that it looks at."""
    judged = (
        CheckResult(
            check="",
            kind="",
            subject="",
            viewpoint=Viewpoint(each["viewpoint"]),
            weight=Weight(each["weight"]),
            outcome=Outcome(each["outcome"]),
            finding="",
            evidence="",
            evaluated=bool(each.get("evaluated")),
        )
        for each in checks
    )
    return Verdict(tuple(judged)).proven


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
