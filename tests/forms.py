"""Order forms as plain data, for tests that build them."""

from typing import Any

from provisioning.catalogue import FORMULAS, Formula
from provisioning.orders.form import OrderForm

FormData = dict[str, Any]
"""A form as a parser hands it over."""

SOLD = tuple(name for name, formula in FORMULAS.items() if not formula.stop_sell.value)
"""The formulas that a new line can have."""


def minimal(formula: Formula) -> FormData:
    """Return the shortest new order for a formula, on a site with good coverage."""
    form: FormData = {
        "order": "PX-2026-000900",
        "customer": {"name": "Imprimerie Exemple"},
        "site": {"address": "1 Rue Exemple, 1000 Bruxelles", "mobile_coverage": "good"},
        "formula": formula.identifier,
    }
    if formula.supplies_router:
        form["cpe"] = {"platform": "linux_cpe", "serial": "LX0900"}
    if formula.has_ont:
        form["ont"] = {"serial": "HWTC00000900", "olt": "olt-brussels-1", "port": "0/1/0"}
    return form


def typed(data: FormData) -> OrderForm:
    """Return plain data as the typed form."""
    return OrderForm.model_validate(data)
