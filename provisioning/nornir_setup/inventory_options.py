"""The options of our inventory plugin, as somebody wrote them: which lines' devices Nornir gets to know."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy import Connection

from provisioning.catalogue import FORMULAS
from provisioning.errors import UnknownName, UnreadableProject
from provisioning.model.line import LineState
from provisioning.model.line_id import line_number
from provisioning.store import selection
from provisioning.store.selection import MOST_NAMES, Selection
from provisioning.validation import brief, describe

WHERE = "options of the inventory plugin ProvisoInventory"
MOST_TOLD = 5


def _several(value: object) -> object:
    if isinstance(value, (list, tuple)) and not value:
        # Whoever computes the names and finds none does not mean all of them.
        raise ValueError("the list names nothing; leave the option out to select everything")
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_several), Field(max_length=MOST_NAMES)]
"""One name, or a list of them."""


class InventoryOptions(BaseModel):
    """What may stand below `inventory: options:` of a nornir.yaml; every option narrows the selection down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: Names = Field((), description="ids of lines")
    serials: Names = Field((), description="serials of devices")
    customer: Names = Field((), description="names as the orders have them")
    formula: Names = Field((), description="identifiers of the catalogue")
    platform: Names = Field((), description="of the devices")
    olt: Names = Field((), description="on which the lines end")
    state: Annotated[tuple[LineState, ...], BeforeValidator(_several)] = Field((), description="of the lines")
    limit: int | None = Field(None, ge=1, description="at most so many, those of the oldest lines")
    kind: Literal["cpe", "ont"] = Field("cpe", description="routers, or ONTs")
    operator_hosts: bool = Field(False, description="with the hosts of host_file")
    host_file: str | None = Field(None, description="the operator's own devices, relative to the project")
    group_file: str | None = Field(None, description="groups, relative to the project")
    defaults_file: str | None = Field(None, description="defaults, relative to the project")
    project: Path | None = Field(None, description="folder with nornir.yaml; else as for the command")
    state_folder: Path | None = Field(None, description="folder of the store; else as for the command")

    @property
    def files(self) -> dict[str, object]:
        """The files of the operator's own devices, in the notation of SimpleInventory's options."""
        named = (("host_file", self.host_file), ("group_file", self.group_file), ("defaults_file", self.defaults_file))
        return {name: value for name, value in named if value is not None}


def read_options(given: Mapping[str, object]) -> InventoryOptions:
    """Return options as somebody wrote them.

    Raises:
        UnreadableProject: for an option that there is not, with the nearest that there is, or a value of a wrong kind.
    """
    try:
        options = InventoryOptions.model_validate(given)
    except ValidationError as error:
        raise UnreadableProject(
            describe(error, InventoryOptions), where=WHERE, remedy="docs/inventory.md lists the options."
        ) from None
    for name in options.lines:
        try:
            line_number(name)
        except ValueError:
            raise UnreadableProject(
                f"lines: {brief(name)!r} is no line id", where=WHERE, remedy="Line ids look like L-1."
            ) from None
    _need_known("formula", options.formula, FORMULAS)
    return options


def selection_of(connection: Connection, options: InventoryOptions, olts: Iterable[str]) -> Selection:
    """Return what the options ask the store for.

    Args:
        olts: names of the operator's OLTs; not looked at where no option names one.

    Raises:
        UnknownName: when a line, serial, customer, platform or OLT is named that there is not; to leave it out in
            silence would be to believe that something was done there.
    """
    _stop_if_unknown("line", selection.unknown_lines(connection, options.lines))
    _stop_if_unknown(options.kind, selection.unknown_serials(connection, options.kind, options.serials))
    _stop_if_unknown("customer", selection.unknown_customers(connection, options.customer))
    if options.platform:
        _need_known("platform", options.platform, selection.platforms_in_use(connection, options.kind))
    if options.olt:
        _need_known("olt", options.olt, olts)
    return Selection(
        kind=options.kind,
        lines=options.lines,
        serials=options.serials,
        customers=options.customer,
        formulas=options.formula,
        platforms=options.platform,
        olts=options.olt,
        states=options.state,
        limit=options.limit,
    )


def _need_known(option: str, names: Iterable[str], known: Iterable[str]) -> None:
    possible = list(known)
    for name in names:
        if name not in possible:
            near = get_close_matches(brief(name), possible, n=1, cutoff=0.5)
            hint = f", did you mean {near[0]!r}?" if near else f" (known: {', '.join(possible) or 'none'})"
            raise UnknownName(f"{option}: there is no {brief(name)!r}{hint}", where=WHERE, remedy="Mend the name.")


def _stop_if_unknown(what: str, names: Sequence[str]) -> None:
    if names:
        more = f" and {len(names) - MOST_TOLD} more" if len(names) > MOST_TOLD else ""
        told = ", ".join(repr(brief(each)) for each in names[:MOST_TOLD])
        raise UnknownName(
            f"no {what} in use is {told}{more}",
            where=WHERE,
            remedy="Take them out, or look with `proviso line list`.",
        )
