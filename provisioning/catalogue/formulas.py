"""All formulas by identifier, in the contract's order (facts: I-1, I-1.6, X-7, X-21)."""

from collections.abc import Mapping
from types import MappingProxyType

from provisioning.catalogue.copper import COPPER_FORMULAS
from provisioning.catalogue.fibre import FIBRE_FORMULAS
from provisioning.catalogue.formula import Formula
from provisioning.catalogue.twins import LIKE_FOR_LIKE_FORMULAS, TEMPORARY_FORMULAS

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        formula.identifier: formula
        for formula in (*COPPER_FORMULAS, *FIBRE_FORMULAS, *LIKE_FOR_LIKE_FORMULAS, *TEMPORARY_FORMULAS)
    }
)
