"""Hypothesis strategies for order forms that are well typed and nothing else, and for files that are no forms."""

from typing import Any

from forms import FormData
from hypothesis import strategies as st
from strategies import RUSH_DATES, accepted_forms, customers, maybe, printable

from provisioning.catalogue import FORMULAS, LEVEL_IDENTIFIERS, SPEED_UPGRADES


def _word(*known: str) -> st.SearchStrategy[str]:
    """One of the words that mean something, or any text at all."""
    return st.sampled_from(known) | st.text(max_size=40)


def _number(*known: int) -> st.SearchStrategy[int]:
    return st.sampled_from(known) | st.integers(-100_000, 100_000)


_PORTS = _word("all", "tcp/23", "udp/20-25", "tcp/443", "tcp/0", "tcp/25-20", "tcp/1-65535", "udp/65536", "tcp/٢٣")
_TARGETS = _word("customer_firewall", "192.168.1.10", "192.168.1.1", "10.0.0.0", "255.255.255.255", "fd00::1")
_SUBNETS = _word(
    "192.168.1.0/24",
    "10.0.0.0/15",
    "10.0.0.0/30",
    "10.0.0.0/31",
    "0.0.0.0/0",
    "255.255.255.255/32",
    "192.168.1.0",
    "/",
)
_COVERAGE = st.sampled_from(["good", "weak", "none", "unknown"])
_DATES = _word(*RUSH_DATES, "2026-12-25", "0001-01-01", "9999-12-31", "9999-12-26", "2027-02-30", "20261215")

WILD_BLOCKS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["new", "change", "move", "cease"]),
    "line": maybe(st.just("L-1")),
    "customer": maybe(customers()),
    "site": maybe(
        st.fixed_dictionaries({"address": st.just("1 Rue Exemple")}, optional={"mobile_coverage": _COVERAGE})
    ),
    "formula": maybe(_word(*FORMULAS)),
    "term_months": maybe(st.integers(1, 60)),
    "line_speed": maybe(st.fixed_dictionaries({"down": st.integers(1, 100_000), "up": st.integers(1, 100_000)})),
    "options": maybe(
        st.fixed_dictionaries(
            {},
            optional={
                "speed": maybe(_word(*SPEED_UPGRADES)),
                "sla": maybe(_word(*LEVEL_IDENTIFIERS)),
                "ip_pack": maybe(
                    st.fixed_dictionaries(
                        {"addresses": _number(-4, 0, 4, 5, 16, 64, 256, 512)},
                        optional={"assessment": maybe(st.text(max_size=5)), "ripe_488": maybe(st.text(max_size=5))},
                    )
                ),
                "rush": maybe(st.fixed_dictionaries({"rfs": _DATES})),
                **dict.fromkeys(
                    ("fixed_ipv4", "mobile_backup", "standard_changes", "router_choice", "volume_pack"),
                    maybe(st.booleans()),
                ),
            },
        )
    ),
    "wifi": maybe(
        st.fixed_dictionaries(
            {"enabled": st.booleans()},
            optional={
                "ssid": maybe(st.text(max_size=40)),
                "channel": maybe(_number(0, 1, 14, 36, 140)),
                "security": maybe(_word("wpa2", "wpa3", "open")),
                "key_from": maybe(_word("env:WIFI_KEY", "env:")),
            },
        )
    ),
    "lan": maybe(
        st.fixed_dictionaries({}, optional={"subnet": maybe(_SUBNETS), "customer_firewall": maybe(st.booleans())})
    ),
    "servers": maybe(
        st.lists(
            st.fixed_dictionaries({"to": _TARGETS}, optional={"ports": maybe(st.lists(_PORTS, max_size=4))}),
            max_size=4,
        )
    ),
    "cpe": maybe(
        st.fixed_dictionaries(
            {"platform": _word("linux_cpe", "cisco_iosxe"), "serial": st.sampled_from(["LX0001", "lx-2"])}
        )
    ),
    "ont": maybe(
        st.fixed_dictionaries(
            {
                "serial": _word("HWTC1A2B3C4D", "hwtc1a2b3c4d"),
                "olt": printable(maximum=10),
                "port": _word("0/1/0", "0/1", "99/99/99"),
            }
        )
    ),
}
"""By top-level key: values of the right type, most of which the contract refuses."""


def wild_forms() -> st.SearchStrategy[FormData]:
    """Well typed forms of every kind, in which nothing fits."""
    return st.fixed_dictionaries({"order": st.just("PX-2026-000900")}, optional=WILD_BLOCKS)


@st.composite
def damaged_forms(draw: st.DrawFn) -> FormData:
    """Accepted forms in which one to three blocks are replaced or taken away."""
    form = dict(draw(accepted_forms()))
    for key in draw(st.lists(st.sampled_from(sorted(WILD_BLOCKS)), min_size=1, max_size=3, unique=True)):
        if draw(st.booleans()):
            form[key] = draw(WILD_BLOCKS[key])
        else:
            form.pop(key, None)
    return form


def any_forms() -> st.SearchStrategy[FormData]:
    """Forms of all three sorts."""
    return accepted_forms() | damaged_forms() | wild_forms()


# --- files that are no forms at all --------------------------------------------------------------------------------

_PIECES = (
    "order",
    "customer",
    "PX-1",
    ":",
    ": ",
    "- ",
    "? ",
    "\n",
    "\n  ",
    " ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    ",",
    '"',
    "'",
    "|",
    ">",
    "#",
    "&a ",
    "*a",
    "<<: ",
    "!",
    "!!int ",
    "!!float ",
    "!!bool ",
    "!!null ",
    "!!timestamp ",
    "!!binary ",
    "!!set ",
    "!!omap ",
    "!!pairs ",
    "!!str ",
    "!!map ",
    "!!seq ",
    "!!merge ",
    "!!python/name:os.system ",
    "%YAML 1.1\n",
    "%TAG ! x",
    "---\n",
    "...\n",
    "0x",
    "0b_",
    "1:60:60",
    "1_0",
    ".inf",
    "NaN",
    "1e999",
    "~",
    "=",
    "yes",
    "2026-13-45",
    "\\ud800",
    "\\x00",
    "\x00",
    "\x85",
    "\u2028",
    "\ufeff",
    "é",
)


def yaml_soup() -> st.SearchStrategy[str]:
    """Pieces of YAML and JSON in any order."""
    return st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)
