"""What routers say of their bearers, made up for tests."""

from dataclasses import replace

from provisioning.model.bearer import Bearer, BearerName, BearerReport, CurrentDrill, Cut, Family, Neighbourship

FIXED, MOBILE = BearerName.FIXED, BearerName.MOBILE


def bearer(name: BearerName, *, up: bool = True, link: bool = True, families: tuple[Family, ...] = (4, 6)) -> Bearer:
    """Return a bearer of which everything works, or nothing."""
    neighbours = tuple(Neighbourship(each, bgp=up, bfd=up, up_seconds=100.0 if up else None) for each in families)
    return Bearer(name, "wan0" if name is FIXED else "wwan0", link, neighbours, 1, 1)


def report(fixed: Bearer, mobile: Bearer, ipv4: BearerName | None, ipv6: BearerName | None) -> BearerReport:
    """Return what a router says with these bearers in use."""
    return BearerReport(1000.0, fixed, mobile, {4: ipv4, 6: ipv6}, None, True, None, ())


WELL = report(bearer(FIXED), bearer(MOBILE), FIXED, FIXED)
ON_MOBILE = report(bearer(FIXED, up=False), bearer(MOBILE), MOBILE, MOBILE)
ON_TRIAL = replace(report(bearer(FIXED), bearer(MOBILE), MOBILE, MOBILE), hold_left=42.0)
MOBILE_FAILED = report(bearer(FIXED), bearer(MOBILE, up=False), FIXED, FIXED)
DOWN = report(bearer(FIXED, up=False), bearer(MOBILE, up=False), None, None)
DRILLED = replace(ON_MOBILE, drill=CurrentDrill("D-1-1", Cut.SILENT, 40.0))
