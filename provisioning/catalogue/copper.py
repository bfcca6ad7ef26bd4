"""The copper formulas (facts: I-1.1)."""

from provisioning.catalogue import level
from provisioning.catalogue.formula import Access, Formula, Router, Volume
from provisioning.catalogue.speed import Rate
from provisioning.catalogue.table import DEF, FAIR_USE_3_TB, NO, OPT, UNLIMITED, Column

INTERNET_ESSENTIAL = Column(
    table="I-1.1",
    identifier="internet-essential",
    name="Internet Essential",
    access=Access.COPPER,
    rate=Rate(50, 4),
    volume=Volume(100),
    router=Router.INTERNET_BOX,
    mailboxes="1 x 50 GB",
    fixed_ipv4=NO,
    levels=level.INTERNET_ESSENTIAL,
    stop_sell=True,
    facts={"fixed_ipv4": ("X-19",)},
).formula()

INTERNET_MAXI_BIZZ = Column(
    table="I-1.1",
    identifier="internet-maxi-bizz",
    name="Internet Maxi with Bizz Services",
    access=Access.COPPER,
    rate=Rate(100, 30),
    volume=FAIR_USE_3_TB,
    router=Router.INTERNET_BOX,
    mailboxes="6 x 50 GB",
    fixed_ipv4=OPT,
    levels=level.MAXI,
).formula()

INTERNET_PRO = Column(
    table="I-1.1",
    identifier="internet-pro",
    name="Internet Pro",
    access=Access.COPPER,
    rate=Rate(100, 40),
    volume=UNLIMITED,
    router=Router.INTERNET_BOX,
    mailboxes="10 x 50 GB",
    fixed_ipv4=OPT,
    levels=level.INTERNET_PRO,
).formula()

BUSINESS_INTERNET_COPPER = Column(
    table="I-1.1",
    identifier="business-internet-copper",
    name="Business Internet (copper)",
    access=Access.COPPER,
    rate=None,
    volume=FAIR_USE_3_TB,
    router=Router.INTERNET_BOX,
    mailboxes="0",
    fixed_ipv4=OPT,
    mobile_backup=OPT,
    levels=level.BUSINESS_INTERNET,
    facts={
        "rate": ("X-6",),
        "router": ("X-1",),
        "mobile_backup": ("X-2",),
        "standard_changes": ("X-4",),
        "configuration_backup": ("X-4",),
    },
).formula()

INTERNET_PRO_PLUS = Column(
    table="I-1.1",
    identifier="internet-pro-plus",
    name="Internet Pro+",
    access=Access.COPPER,
    rate=Rate(100, 40),
    volume=UNLIMITED,
    router=Router.PROFESSIONAL,
    router_choice=OPT,
    mailboxes="-",
    fixed_ipv4=DEF,
    fixed_ipv6=DEF,
    ip_pack=OPT,
    managed_firewall=DEF,
    mobile_backup=OPT,
    levels=level.INTERNET_PRO_PLUS,
).formula()

INTERNET_PRO_PLUS_ESSENTIAL = Column(
    table="I-1.1",
    identifier="internet-pro-plus-essential",
    name="Internet Pro+ Essential",
    access=Access.COPPER,
    rate=Rate(100, 40),
    volume=UNLIMITED,
    router=Router.CUSTOMERS_OWN,
    mailboxes="-",
    fixed_ipv4=DEF,
    fixed_ipv6=DEF,
    ip_pack=OPT,
    wifi=NO,
    levels=level.INTERNET_PRO_PLUS,
).formula()

COPPER_FORMULAS: tuple[Formula, ...] = (
    INTERNET_ESSENTIAL,
    INTERNET_MAXI_BIZZ,
    INTERNET_PRO,
    BUSINESS_INTERNET_COPPER,
    INTERNET_PRO_PLUS,
    INTERNET_PRO_PLUS_ESSENTIAL,
)
