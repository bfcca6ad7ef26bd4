"""Tables as Rich draws them, for terminals; `output` prints them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from provisioning.cli.plain_table import cell_width

if TYPE_CHECKING:
    from rich.console import JustifyMethod
    from rich.table import Table

    from provisioning.cli.output import Styled

NARROWEST = 14
"""Columns below which a wrapping column is no fun to read."""


def rich_table(
    columns: Sequence[str],
    cells: "Iterable[Sequence[Styled]]",
    *,
    title: str = "",
    right: Sequence[str] = (),
    wraps: Sequence[str] = (),
) -> "Table":
    """Return a table as Rich draws it."""
    table = frame(title, lined=True)
    for column in columns:
        justify: JustifyMethod = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=column not in wraps)
    for row in cells:
        table.add_row(*row)
    return table


def frame(title: str, *, lined: bool = False) -> "Table":
    """Return an empty table.

    Args:
        lined: whether it has a line below its headings, and space at its edges.
    """
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD if lined else None,
        title=f"\n{title}" if title else None,
        title_justify="left",
        title_style="bold",
        pad_edge=not lined,
        collapse_padding=True,
    )


def fits(columns: Sequence[str], cells: Sequence[Sequence[object]], wraps: Sequence[str], width: int) -> bool:
    """Return whether every column that does not wrap has its whole width, and the others a readable one."""
    taken = 2
    for index, column in enumerate(columns):
        widest = max((cell_width(str(row[index])) for row in cells), default=0)
        widest = max(len(column), widest)
        taken += (min(NARROWEST, widest) if column in wraps else widest) + 2
    return taken <= width
