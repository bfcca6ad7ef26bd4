"""The size of an IP Pack, and what must be on record for it (facts: I-4.3, I-4.4, X-5)."""

from collections.abc import Iterator

from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule

SIZES = (4, 8, 16, 32, 64, 128, 256)
ASSESSMENT_FROM = 16
RIPE_488_FROM = 64


def _blank(text: str | None) -> bool:
    return text is None or not any(each.isalnum() for each in text)


def ip_pack_size(case: Case) -> Iterator[Finding]:
    """The pack is a power of two from 4 to 256, and nothing between."""
    pack = case.ip_pack
    if pack is not None and pack.addresses is not None and pack.addresses not in SIZES:
        larger = next((size for size in SIZES if size > pack.addresses), None)
        yield codes.IP_PACK_SIZE.at(
            "options.ip_pack.addresses",
            f"An IP Pack of {pack.addresses} addresses does not exist.",
            f"One of {', '.join(map(str, SIZES))}" + (f"; the next larger is {larger}." if larger else "."),
        )


def ip_pack_papers(case: Case) -> Iterator[Finding]:
    """16 and more need a recorded assessment, 64 and more a RIPE-488 reference as well."""
    pack = case.ip_pack
    if not case.whole or pack is None or pack.addresses is None or pack.addresses not in SIZES:
        return
    if pack.addresses >= ASSESSMENT_FROM and _blank(pack.assessment):
        yield codes.IP_PACK_ASSESSMENT.at(
            "options.ip_pack.assessment",
            f"{pack.addresses} addresses need an assessment of the customer's network plan.",
            "Record it in `options.ip_pack.assessment`, or order 4 or 8 addresses.",
        )
    if pack.addresses >= RIPE_488_FROM and _blank(pack.ripe_488):
        yield codes.IP_PACK_RIPE_488.at(
            "options.ip_pack.ripe_488",
            f"{pack.addresses} addresses need a RIPE-488 request form.",
            "Record its reference in `options.ip_pack.ripe_488`, or order 32 addresses or fewer.",
        )


RULES: tuple[Rule, ...] = (ip_pack_size, ip_pack_papers)
