"""Formulas with the particulars of another: like-for-like over fibre, and temporary (facts: I-1.4, I-1.5)."""

from dataclasses import fields, replace
from typing import Any

from provisioning.catalogue import copper, fibre
from provisioning.catalogue.formula import Access, Availability, Cell, Formula


def _with_particulars_of(twin: Formula, fact: str) -> Formula:
    """Return `twin` with the fact that carries its cells over added to each of them."""
    cells = {field.name: getattr(twin, field.name) for field in fields(twin)}
    carried: dict[str, Any] = {
        name: Cell(cell.value, (*cell.facts, fact) if fact not in cell.facts else cell.facts)
        for name, cell in cells.items()
        if isinstance(cell, Cell)
    }
    return replace(twin, **carried)


def _over_fibre(identifier: str, name: str, twin: Formula) -> Formula:
    """Return the copper formula `twin` as it is delivered over fibre (facts: I-1.4)."""
    carried = _with_particulars_of(twin, "I-1.4")
    stop_sell = carried.stop_sell.value
    return replace(
        carried,
        identifier=identifier,
        name=name,
        access=Cell(Access.FIBRE, ("I-1.4", "X-13")),
        stop_sell=Cell(stop_sell, (*carried.stop_sell.facts, "X-20") if stop_sell else carried.stop_sell.facts),
    )


def _temporary(identifier: str, name: str, twin: Formula) -> Formula:
    """Return the temporary version of `twin`: back-up always active, rush possible (facts: I-1.5)."""
    return replace(
        _with_particulars_of(twin, "I-1.5"),
        identifier=identifier,
        name=name,
        temporary=Cell(True, ("I-1.5",)),
        mobile_backup=Cell(Availability.INCLUDED, ("I-1.5", "X-22")),
        rush=Cell(Availability.OPTION, ("I-1.5", "I-7.3")),
    )


LIKE_FOR_LIKE_FORMULAS: tuple[Formula, ...] = (
    _over_fibre("internet-essential-fiber", "Internet Essential Fiber", copper.INTERNET_ESSENTIAL),
    _over_fibre("internet-fiber-100-bizz", "Internet Fiber 100 with Bizz Services", copper.INTERNET_MAXI_BIZZ),
    _over_fibre("fiber-internet-pro", "Fiber Internet Pro", copper.INTERNET_PRO),
    _over_fibre("fiber-internet-pro-plus", "Fiber Internet Pro+", copper.INTERNET_PRO_PLUS),
    _over_fibre(
        "fiber-internet-pro-plus-essential",
        "Fiber Internet Pro+ Essential",
        copper.INTERNET_PRO_PLUS_ESSENTIAL,
    ),
)

TEMPORARY_FORMULAS: tuple[Formula, ...] = (
    _temporary("temporary-internet-pro-plus", "Temporary Internet Pro+", copper.INTERNET_PRO_PLUS),
    _temporary("temporary-fullfiber-extended", "Temporary FullFiber Extended", fibre.FULLFIBER_EXTENDED),
)
