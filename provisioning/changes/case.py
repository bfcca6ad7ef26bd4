"""The case before the rules: a request, its line, and the moment."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from provisioning.catalogue import FORMULAS, Availability, Formula
from provisioning.changes.amend_form import amend_form, close_in
from provisioning.changes.form import RequestForm
from provisioning.changes.moments import NoMoment, read_moment
from provisioning.changes.openings import Plain, openings_of
from provisioning.changes.request import plain
from provisioning.model.finding import Finding
from provisioning.model.line import Line
from provisioning.model.opening import Opening, OpeningRecord


@dataclass(frozen=True)
class RequestCase:
    """What a rule looks at.

    Attributes:
        form: the request.
        now: the moment at which it is judged.
        line: as the store has it; None where there is none of that id.
        not_whole: why the line's order form does not say all that its router does; empty where it does.
        records: since when, by whom and until when what is open on the line is open.
        unreadable: items of `open` and `close` that cannot be read, such as `open.0`, and ports of others, such as
            `open.1.ports.0`; the other rules pass them over.
    """

    form: RequestForm
    now: datetime
    line: Line | None
    not_whole: str = ""
    records: tuple[OpeningRecord, ...] = ()
    unreadable: frozenset[str] = frozenset()

    @property
    def formula(self) -> Formula | None:
        """The catalogue's formula of the line."""
        return FORMULAS.get(self.line.formula) if self.line is not None else None

    @property
    def managed(self) -> bool:
        """Whether the line has the managed firewall, and standard changes can be asked for (facts: I-5.3, I-8.5)."""
        return self.formula is not None and self.formula.managed_firewall.value is Availability.INCLUDED

    @property
    def standard_changes(self) -> bool:
        """Whether the line has the standard-changes option (facts: I-8.5)."""
        options = self.line.form.get("options") if self.line is not None else None
        return isinstance(options, Mapping) and options.get("standard_changes") is True

    @cached_property
    def content(self) -> dict[str, object]:
        """The request in plain data, without the items that cannot be read."""
        content = plain(self.form)
        for key in ("open", "close"):
            if isinstance(content.get(key), list):
                content[key] = [each for _, each in self.items(key)]
        return content

    def items(self, key: str) -> list[tuple[str, Plain]]:
        """Return the items of `open` or `close` that can be read, with their places."""
        items = plain(self.form).get(key)
        found = items if isinstance(items, list) else []
        places = [(f"{key}.{index}", each) for index, each in enumerate(found)]
        return [
            (place, self._without_unreadable_ports(place, each))
            for place, each in places
            if place not in self.unreadable
        ]

    def _without_unreadable_ports(self, place: str, item: Plain) -> Plain:
        ports = item.get("ports")
        if not isinstance(ports, list):
            return item
        return {**item, "ports": [each for n, each in enumerate(ports) if f"{place}.ports.{n}" not in self.unreadable]}

    @cached_property
    def open_before(self) -> tuple[Opening, ...]:
        """What is open on the line; nothing where its form cannot be relied on."""
        return openings_of(self.line.form) if self.line is not None and not self.not_whole else ()

    @cached_property
    def open_after_closes(self) -> frozenset[Opening]:
        """What of it is left by the request's own closes."""
        return frozenset(close_in(self.open_before, [item for _, item in self.items("close")]))

    @cached_property
    def amended(self) -> dict[str, object]:
        """The line's form with the request worked in."""
        return amend_form(self.line.form, self.content) if self.line is not None else {}

    @property
    def earliest(self) -> datetime:
        """The wanted time, or now where none is wanted or it cannot be read."""
        wanted = moment_of(self.form.wanted)
        return self.now if wanted is None else max(self.now, wanted)


Rule = Callable[[RequestCase], Iterator[Finding]]
"""A rule looks at a case and yields what it finds; it never raises and never looks elsewhere."""


def moment_of(written: str | None) -> datetime | None:
    """Return a moment that a request names; None where it names none, or none that can be read."""
    try:
        return read_moment(written) if written is not None else None
    except NoMoment:
        return None
