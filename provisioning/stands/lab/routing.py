"""What the BNG and the mobile core speak: BGP and BFD, to each other and to any CPE that calls. Pure text.

Every CPE is a neighbour by the addresses that it always has on a bearer, and is waited for there: it calls. A CPE says
by a community how it wants to be reached on a bearer (RFC 1998); what has none is as good as what works over mobile.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from provisioning.stands.lab.access import SERVED, bearer_address, slaac_address
from provisioning.stands.lab.topology import ACCESS, MOBILE, OPERATOR_AS, Kind, Node, mac_of

PREFERENCES = {f"{OPERATOR_AS}:200": 200, f"{OPERATOR_AS}:100": 100, f"{OPERATOR_AS}:50": 50}
"""Local preference by the community that a CPE sends: fixed, mobile, and a fixed bearer that is not yet trusted."""

CUSTOMER_BFD_MS = 100
"""The slower of two neighbours decides (RFC 5880, 6.8.2 and 6.8.3): a CPE that asks for 300 ms has 300 ms."""

CORE_BFD_MS = 300
"""Between the two: they are not what is tried, and a busy machine is not to part them."""

BFD_MULTIPLIER = 3

INSIDE_DISTANCE = 100
"""Of what the other one tells; less than that of the kernel's own last routes (`operator_side.LAST_METRIC`)."""

# The BNG alone decides by which bearer a CPE is reached. The mobile core prefers what its own CPEs tell: so the BNG
# knows of that before it needs it, and gets nothing back that it has just turned the other way.
# CPEs are configured, not listened for with `bgp listen range`: FRR 8.4 forgets all of such a neighbour when one of
# its connections ends, and goes on with another that was made meanwhile, with keepalives, but without routes and
# without BFD (FRR, issue 9929). `delay-timer 0` would switch re-evaluation off.
TEMPLATE = """\
hostname {name}
service integrated-vtysh-config
bgp route-map delay-timer 1
bfd
 profile customers
  detect-multiplier {multiplier}
  receive-interval {customers}
  transmit-interval {customers}
  passive-mode
 exit
 profile core
  detect-multiplier {multiplier}
  receive-interval {core}
  transmit-interval {core}
 exit
exit
{preferences}route-map CUSTOMERS permit 100
exit
router bgp {asn}
 bgp router-id {router_id}
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 coalesce-time 0
 timers bgp 3 9
 neighbor CPE peer-group
 neighbor CPE remote-as external
 neighbor CPE passive
 neighbor CPE bfd profile customers
 neighbor CPE advertisement-interval 0
 neighbor CPE6 peer-group
 neighbor CPE6 remote-as external
 neighbor CPE6 passive
 neighbor CPE6 bfd profile customers
 neighbor CPE6 advertisement-interval 0
 neighbor {peer} remote-as {asn}
 neighbor {peer} bfd profile core
 neighbor {peer} timers connect 1
 neighbor {peer} advertisement-interval 0
 neighbor {peer6} remote-as {asn}
 neighbor {peer6} bfd profile core
 neighbor {peer6} timers connect 1
 neighbor {peer6} advertisement-interval 0
{cpes} address-family ipv4 unicast
  distance bgp 20 {inside} {inside}
  network {segment}
{networks}  neighbor CPE activate
  neighbor CPE route-map CUSTOMERS in{own}
  neighbor CPE default-originate
  neighbor {peer} activate
  neighbor {peer} next-hop-self{default}
 exit-address-family
 address-family ipv6 unicast
  distance bgp 20 {inside} {inside}
  network {segment6}
{networks6}  neighbor CPE6 activate
  neighbor CPE6 route-map CUSTOMERS in{own6}
  neighbor CPE6 default-originate
  neighbor {peer6} activate
  neighbor {peer6} next-hop-self{default6}
 exit-address-family
exit
"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of the two; `upstream` is the one through which the internet is reached."""

    name: str
    router_id: str
    peer: str
    peer6: str
    segment: IPv4Network
    segment6: IPv6Network
    upstream: bool


SPEAKERS = {
    Kind.BNG: Speaker("bng", "100.127.1.1", "100.127.1.2", "3fff:0:0:3::2", *ACCESS, upstream=True),
    Kind.MOBILE_CORE: Speaker("mobile", "100.127.1.2", "100.127.1.1", "3fff:0:0:3::1", *MOBILE, upstream=False),
}


def _preferences() -> Iterator[str]:
    for number, (community, preference) in enumerate(PREFERENCES.items(), start=1):
        yield f"bgp community-list standard WISH{preference} seq 5 permit {community}\n"
        yield f"route-map CUSTOMERS permit {number * 10}\n match community WISH{preference}\n"
        yield f" set local-preference {preference}\nexit\n"


def _cpes(kind: Kind, cpes: Iterable[Node]) -> Iterator[str]:
    _, _, network6, port = SERVED[kind]
    for number in (each.number for each in cpes):
        yield f" neighbor {bearer_address(kind, number)} peer-group CPE\n"
        yield f" neighbor {slaac_address(network6, mac_of(port, number))} peer-group CPE6\n"


def frr_configuration(kind: Kind, cpes: Iterable[Node]) -> str:
    """Return the configuration of the BNG or of the mobile core.

    Args:
        kind: which of them.
        cpes: all of the lab.
    """
    speaker = SPEAKERS[kind]
    return TEMPLATE.format(
        name=speaker.name,
        asn=OPERATOR_AS,
        multiplier=BFD_MULTIPLIER,
        customers=CUSTOMER_BFD_MS,
        core=CORE_BFD_MS,
        preferences="".join(_preferences()),
        cpes="".join(_cpes(kind, cpes)),
        inside=INSIDE_DISTANCE,
        own="" if speaker.upstream else "\n  neighbor CPE weight 1",
        own6="" if speaker.upstream else "\n  neighbor CPE6 weight 1",
        router_id=speaker.router_id,
        peer=speaker.peer,
        peer6=speaker.peer6,
        segment=speaker.segment,
        segment6=speaker.segment6,
        networks="  network 100.127.0.0/30\n" if speaker.upstream else "",
        networks6="  network 3fff:0:0:2::/64\n" if speaker.upstream else "",
        default=f"\n  neighbor {speaker.peer} default-originate" if speaker.upstream else "",
        default6=f"\n  neighbor {speaker.peer6} default-originate" if speaker.upstream else "",
    )
