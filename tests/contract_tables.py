"""The contract's tables, typed out a second time from docs/service-facts.md."""

# I-1.1, and I-8.3, I-8.5, I-3 and I-1.5 for the last rows. `-` is the contract's "not available".
COPPER = """
                     | internet-essential | internet-maxi-bizz | internet-pro | business-internet-copper \
| internet-pro-plus   | internet-pro-plus-essential
access               | copper       | copper        | copper       | copper        | copper       | copper
rate                 | 50/4         | 100/30        | 100/40       | not stated    | 100/40       | 100/40
volume               | 100 GB       | 3 TB fair use | unlimited    | 3 TB fair use | unlimited    | unlimited
router               | Internet Box | Internet Box  | Internet Box | Internet Box  | professional | customer's
router_choice        | -            | -             | -            | -             | OPT          | -
fixed_ipv4           | -            | OPT           | OPT          | OPT           | DEF          | DEF
fixed_ipv6           | -            | -             | -            | -             | DEF          | DEF
ip_pack              | -            | -             | -            | -             | OPT          | OPT
unlimited_ports      | DEF          | DEF           | DEF          | DEF           | DEF          | DEF
max_users            | 253          | 253           | 253          | 253           | 253          | customer's
mailboxes            | 1 x 50 GB    | 6 x 50 GB     | 10 x 50 GB   | 0             | -            | -
managed_firewall     | -            | -             | -            | -             | DEF          | -
mobile_backup        | -            | -             | -            | OPT           | OPT          | -
wifi                 | DEF          | DEF           | DEF          | DEF           | DEF          | -
configuration_backup | -            | -             | -            | -             | DEF          | -
standard_changes     | -            | -             | -            | -             | OPT          | -
volume_pack          | OPT          | OPT           | -            | OPT           | -            | -
rush                 | -            | -             | -            | -             | -            | -
stop_sell            | yes          | no            | no           | no            | no           | no
temporary            | no           | no            | no           | no            | no           | no
"""

# I-1.2, and the same sections for the last rows.
FIBRE = """
                     | internet-maxi-fullfiber-bizz | fullfiber-extended-essential | fullfiber \
| business-internet-fibre | fullfiber-extended
access               | fibre         | fibre      | fibre        | fibre         | fibre
rate                 | 350/30        | 350/100    | 350/50       | 500/500       | 350/100
volume               | 3 TB fair use | unlimited  | unlimited    | 3 TB fair use | unlimited
router               | Internet Box  | customer's | Internet Box | Internet Box  | professional
router_choice        | -             | -          | -            | -             | -
fixed_ipv4           | OPT           | DEF        | DEF          | OPT           | DEF
fixed_ipv6           | -             | DEF        | -            | -             | DEF
ip_pack              | -             | OPT        | -            | -             | OPT
unlimited_ports      | DEF           | DEF        | DEF          | DEF           | DEF
max_users            | 253           | customer's | 253          | 253           | 253
mailboxes            | 6 x 50 GB     | -          | 10 x 50 GB   | 0             | -
managed_firewall     | -             | -          | -            | -             | DEF
mobile_backup        | -             | -          | -            | OPT           | OPT
wifi                 | DEF           | -          | DEF          | DEF           | DEF
configuration_backup | -             | -          | -            | -             | DEF
standard_changes     | -             | -          | -            | -             | OPT
volume_pack          | OPT           | -          | -            | OPT           | -
rush                 | -             | -          | -            | -             | -
stop_sell            | no            | no         | no           | no            | no
temporary            | no            | no         | no           | no            | no
"""

# I-1.3, with the exclusions of I-1.2 (Wi-Fi, 6 TB) and X-13 (XGS-PON).
SPEEDS = """
identifier            | down/up   | wifi | volume | port    | for
fullfiber-boost-pro   | 1000/200  | yes  | -      | gpon    | fullfiber
extended-boost        | 500/100   | yes  | -      | gpon    | the extended two
extended-boost-pro    | 1000/200  | yes  | -      | gpon    | the extended two
fiber-up              | 1000/500  | yes  | -      | gpon    | the extended two
fiber-fast            | 2500/1000 | no   | -      | xgs-pon | the extended two
fiber-express         | 8500/1500 | no   | -      | xgs-pon | the extended two
business-fiber-500    | 500/500   | yes  | -      | gpon    | business-internet-fibre
business-fiber-2.5-1  | 2500/1000 | yes  | 6000   | xgs-pon | business-internet-fibre
business-fiber-8.5-1.5 | 8500/1500 | yes | 6000   | xgs-pon | business-internet-fibre
"""
EXTENDED = {"fullfiber-extended", "fullfiber-extended-essential"}
TEMPORARY_EXTENDED = {"temporary-fullfiber-extended"}

# I-1.4 and I-1.5: the particulars are those of the formula on the right.
LIKE_FOR_LIKE = {
    "internet-essential-fiber": "internet-essential",
    "internet-fiber-100-bizz": "internet-maxi-bizz",
    "fiber-internet-pro": "internet-pro",
    "fiber-internet-pro-plus": "internet-pro-plus",
    "fiber-internet-pro-plus-essential": "internet-pro-plus-essential",
}
TEMPORARY = {
    "temporary-internet-pro-plus": "internet-pro-plus",
    "temporary-fullfiber-extended": "fullfiber-extended",
}

# I-9.2, X-3 and X-4. One name of a level that an order form cannot write is `-`.
LEVELS = """
group               | level   | kind | window                               | P1, P2, P3, P4
essential           | -       | DEF  | Mon-Fri 8:00-20:00                   | best effort
maxi                | -       | DEF  | Mon-Fri 8:00-20:00, Sat 8:00-16:30   | same day, 3 WD, 3 WD, 10 WD
pro                 | -       | DEF  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
pro-plus            | basic   | DEF  | Mon-Fri 8:00-20:00                   | end of next WD, 3 WD, 5 WD, 10 WD
pro-plus            | medium  | OPT  | Mon-Fri 8:00-20:00, Sat 8:00-16:30   | same day, 3 WD, 5 WD, 10 WD
pro-plus            | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
fullfiber           | basic   | DEF  | Mon-Fri 8:00-18:00, Sat 8:00-16:30   | end of next WD, 3 WD, 3 WD, 10 WD
fullfiber           | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
extended            | basic   | DEF  | Mon-Fri 8:00-20:00                   | end of next WD, 3 WD, 5 WD, 10 WD
extended            | medium  | OPT  | Mon-Fri 8:00-18:00, Sat 8:00-16:30   | same day, 3 WD, 5 WD, 10 WD
extended            | premium | OPT  | Mon-Fri 8:00-22:00, Sat 8:00-16:30   | 5 h, next WD, 3 WD, 10 WD
business            | -       | DEF  | not specified                        | best effort
"""
GROUPS = {
    "essential": ("internet-essential", "internet-essential-fiber"),
    "maxi": ("internet-maxi-bizz", "internet-maxi-fullfiber-bizz", "internet-fiber-100-bizz"),
    "pro": ("internet-pro", "fiber-internet-pro"),
    "pro-plus": (
        "internet-pro-plus",
        "internet-pro-plus-essential",
        "fiber-internet-pro-plus",
        "fiber-internet-pro-plus-essential",
        "temporary-internet-pro-plus",
    ),
    "fullfiber": ("fullfiber",),
    "extended": ("fullfiber-extended", "fullfiber-extended-essential", "temporary-fullfiber-extended"),
    "business": ("business-internet-copper", "business-internet-fibre"),
}

# The headings of I-1.1 and I-1.2, I-1.4 and I-1.5.
NAMES = """
internet-essential                | Internet Essential
internet-maxi-bizz                | Internet Maxi with Bizz Services
internet-pro                      | Internet Pro
business-internet-copper          | Business Internet (copper)
internet-pro-plus                 | Internet Pro+
internet-pro-plus-essential       | Internet Pro+ Essential
internet-maxi-fullfiber-bizz      | Internet Maxi FullFiber with Bizz Services
fullfiber-extended-essential      | FullFiber Extended Essential
fullfiber                         | FullFiber
business-internet-fibre           | Business Internet (fibre)
fullfiber-extended                | FullFiber Extended
internet-essential-fiber          | Internet Essential Fiber
internet-fiber-100-bizz           | Internet Fiber 100 with Bizz Services
fiber-internet-pro                | Fiber Internet Pro
fiber-internet-pro-plus           | Fiber Internet Pro+
fiber-internet-pro-plus-essential | Fiber Internet Pro+ Essential
temporary-internet-pro-plus       | Temporary Internet Pro+
temporary-fullfiber-extended      | Temporary FullFiber Extended
"""

# I-1.6.
IDENTIFIERS = [
    "internet-essential",
    "internet-maxi-bizz",
    "internet-pro",
    "business-internet-copper",
    "internet-pro-plus",
    "internet-pro-plus-essential",
    "internet-maxi-fullfiber-bizz",
    "fullfiber",
    "business-internet-fibre",
    "fullfiber-extended",
    "fullfiber-extended-essential",
    "internet-essential-fiber",
    "internet-fiber-100-bizz",
    "fiber-internet-pro",
    "fiber-internet-pro-plus",
    "fiber-internet-pro-plus-essential",
    "temporary-internet-pro-plus",
    "temporary-fullfiber-extended",
]
OPTION_KEYS = [
    "speed",
    "fixed_ipv4",
    "ip_pack",
    "mobile_backup",
    "sla",
    "standard_changes",
    "router_choice",
    "rush",
    "volume_pack",
]
