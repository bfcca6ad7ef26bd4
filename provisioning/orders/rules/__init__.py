"""The rules of the contract, one subject a module; each cites its facts through its codes."""

from provisioning.orders.case import Rule
from provisioning.orders.rules import (
    equipment,
    formula,
    ip_pack,
    kind,
    lan,
    mobile_backup,
    openings,
    options,
    rush,
    sources,
    wifi,
)

RULES: tuple[Rule, ...] = (
    *kind.RULES,
    *formula.RULES,
    *options.RULES,
    *ip_pack.RULES,
    *mobile_backup.RULES,
    *rush.RULES,
    *equipment.RULES,
    *wifi.RULES,
    *lan.RULES,
    *openings.RULES,
    *sources.RULES,
)
