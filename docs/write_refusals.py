"""Writes docs/refusals.md and docs/change-refusals.md from the lists of codes; run it by `make docs`."""

from collections.abc import Iterable
from pathlib import Path

from provisioning.changes.codes import CODES as CHANGE_CODES
from provisioning.model.finding import Code
from provisioning.orders.codes import CODES

HERE = Path(__file__).parent

INTRODUCTION = """\
# Refusals and warnings

<!-- Written by docs/write_refusals.py from provisioning/orders/codes.py: `make docs` writes it anew. -->

Every code that `proviso order check`, `order plan` and `order accept` can answer with. A **refusal** stops the order
(exit code 1); a **warning** is told, and the order goes on. Codes never change their meaning, so scripts may rely on
them.

Each finding comes with its place in the form, a reason for the case at hand, the facts that it rests on, and a remedy.
The facts are sections of [service-facts.md](service-facts.md). A finding may add those of the formula's own cell in
the contract's tables; *of the formula* means that it has no others. [order-form.md](order-form.md) tells which key
each code judges.
"""

OF_CHANGES = """\
# Refusals and warnings of change requests

<!-- Written by docs/write_refusals.py from provisioning/changes/codes.py: `make docs` writes it anew. -->

Every code that `proviso change submit` can answer with besides those of order forms. A **refusal** ends the request
(exit code 1), which is kept with all its reasons; a **warning** is told, and the request goes on. Codes never change
their meaning, so scripts may rely on them.

Each finding comes with its place in the request, a reason for the case at hand, the facts that it rests on, and a
remedy. The facts are sections of [service-facts.md](service-facts.md). What a request has in common with an order
form, its ports, targets, sources and the next hop, is told by the codes of [refusals.md](refusals.md), at the
request's own places: `port-reserved` at `open.0.ports.1`. [change-requests.md](change-requests.md) tells which key
each code judges.
"""

HEADINGS = ("code", "severity", "what it means", "facts")


def page(introduction: str = INTRODUCTION, codes: Iterable[Code] = CODES) -> str:
    """Return the text of docs/refusals.md, or of another page of codes."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(_row(code) for code in sorted(codes, key=lambda each: each.name))]
    return "\n".join([introduction, *(f"| {' | '.join(row)} |" for row in rows), ""])


def page_of_changes() -> str:
    """Return the text of docs/change-refusals.md."""
    return page(OF_CHANGES, CHANGE_CODES)


def _row(code: Code) -> tuple[str, ...]:
    return (f"`{code.name}`", code.severity.value, code.title, ", ".join(code.facts) or "*of the formula*")


if __name__ == "__main__":
    (HERE / "refusals.md").write_text(page(), encoding="utf-8")
    (HERE / "change-refusals.md").write_text(page_of_changes(), encoding="utf-8")
