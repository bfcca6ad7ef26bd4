"""Writes docs/refusals.md from the list of codes. Run it after every change of the list: `make docs`."""

from pathlib import Path

from provisioning.model.finding import Code
from provisioning.orders.codes import CODES

TARGET = Path(__file__).parent / "refusals.md"

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

HEADINGS = ("code", "severity", "what it means", "facts")


def page() -> str:
    """Return the text of docs/refusals.md."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(_row(code) for code in sorted(CODES, key=lambda each: each.name))]
    return "\n".join([INTRODUCTION, *(f"| {' | '.join(row)} |" for row in rows), ""])


def _row(code: Code) -> tuple[str, ...]:
    return (f"`{code.name}`", code.severity.value, code.title, ", ".join(code.facts) or "*of the formula*")


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
