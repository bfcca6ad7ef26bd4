"""Tables as Rich draws them where nobody sees colours, without Rich: a hundred thousand rows take it half a minute."""

from collections.abc import Sequence

_GAP = "  "


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def plain_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str], width: int
) -> list[str] | None:
    """Return the lines of a table; None where it has to be made narrower, which is Rich's art.

    Args:
        columns: the headings.
        rows: what stands below them, with nothing in it that steers a terminal.
        right: headings of columns that hold numbers.
        width: columns of the page.
    """
    widths = [
        max(cell_width(text) for text in (column, *(row[index] for row in rows)))
        for index, column in enumerate(columns)
    ]
    whole = sum(widths) + len(_GAP) * (len(columns) - 1) + 2
    if whole > width:
        return None
    at_right = [column in right for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded = (_padded(*each) for each in zip(cells, widths, at_right, strict=True))
        return f" {_GAP.join(padded)} "

    return [" " * whole, line(columns), f" {'─' * (whole - 2)} ", *map(line, rows), " " * whole]


def _padded(text: str, width: int, at_right: bool) -> str:
    if at_right:
        text = text.rstrip()
        return " " * (width - cell_width(text)) + text
    return text + " " * (width - cell_width(text))
