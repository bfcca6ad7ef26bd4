"""The fibre formulas (facts: I-1.2)."""

from provisioning.catalogue import level
from provisioning.catalogue.formula import Access, Formula, Router
from provisioning.catalogue.speed import Rate
from provisioning.catalogue.table import DEF, FAIR_USE_3_TB, NO, OPT, UNLIMITED, Column

_EXTENDED_SPEEDS = ("extended-boost", "extended-boost-pro", "fiber-up", "fiber-fast", "fiber-express")

INTERNET_MAXI_FULLFIBER_BIZZ = Column(
    table="I-1.2",
    identifier="internet-maxi-fullfiber-bizz",
    name="Internet Maxi FullFiber with Bizz Services",
    access=Access.FIBRE,
    rate=Rate(350, 30),
    volume=FAIR_USE_3_TB,
    router=Router.INTERNET_BOX,
    mailboxes="6 x 50 GB",
    fixed_ipv4=OPT,
    levels=level.MAXI,
).formula()

FULLFIBER_EXTENDED_ESSENTIAL = Column(
    table="I-1.2",
    identifier="fullfiber-extended-essential",
    name="FullFiber Extended Essential",
    access=Access.FIBRE,
    rate=Rate(350, 100),
    speeds=_EXTENDED_SPEEDS,
    volume=UNLIMITED,
    router=Router.CUSTOMERS_OWN,
    mailboxes="-",
    fixed_ipv4=DEF,
    fixed_ipv6=DEF,
    ip_pack=OPT,
    wifi=NO,
    levels=level.FULLFIBER_EXTENDED_ESSENTIAL,
    facts={"standard_changes": ("X-4",), "configuration_backup": ("X-4",)},
).formula()

FULLFIBER = Column(
    table="I-1.2",
    identifier="fullfiber",
    name="FullFiber",
    access=Access.FIBRE,
    rate=Rate(350, 50),
    speeds=("fullfiber-boost-pro",),
    volume=UNLIMITED,
    router=Router.INTERNET_BOX,
    mailboxes="10 x 50 GB",
    fixed_ipv4=DEF,
    levels=level.FULLFIBER,
).formula()

BUSINESS_INTERNET_FIBRE = Column(
    table="I-1.2",
    identifier="business-internet-fibre",
    name="Business Internet (fibre)",
    access=Access.FIBRE,
    rate=Rate(500, 500),
    speeds=("business-fiber-500", "business-fiber-2.5-1", "business-fiber-8.5-1.5"),
    volume=FAIR_USE_3_TB,
    router=Router.INTERNET_BOX,
    mailboxes="0",
    fixed_ipv4=OPT,
    mobile_backup=OPT,
    levels=level.BUSINESS_INTERNET,
    facts={
        "router": ("X-1",),
        "mobile_backup": ("X-2",),
        "standard_changes": ("X-4",),
        "configuration_backup": ("X-4",),
    },
).formula()

FULLFIBER_EXTENDED = Column(
    table="I-1.2",
    identifier="fullfiber-extended",
    name="FullFiber Extended",
    access=Access.FIBRE,
    rate=Rate(350, 100),
    speeds=_EXTENDED_SPEEDS,
    volume=UNLIMITED,
    router=Router.PROFESSIONAL,
    mailboxes="-",
    fixed_ipv4=DEF,
    fixed_ipv6=DEF,
    ip_pack=OPT,
    managed_firewall=DEF,
    mobile_backup=OPT,
    levels=level.FULLFIBER_EXTENDED,
).formula()

FIBRE_FORMULAS: tuple[Formula, ...] = (
    INTERNET_MAXI_FULLFIBER_BIZZ,
    FULLFIBER_EXTENDED_ESSENTIAL,
    FULLFIBER,
    BUSINESS_INTERNET_FIBRE,
    FULLFIBER_EXTENDED,
)
