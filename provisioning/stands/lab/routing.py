"""What the BNG and the mobile core speak: BGP and BFD, to each other and to any CPE that calls. Pure text.

They listen for CPEs on their whole segment, so that no CPE has to be known to them beforehand.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from provisioning.stands.lab.topology import ACCESS, MOBILE, OPERATOR_AS, Kind

BFD_INTERVAL_MS = 300
BFD_MULTIPLIER = 3

# `neighbor CPE peer-group` must come before `bgp listen range`; `delay-timer 0` would switch re-evaluation off.
TEMPLATE = """\
hostname {name}
service integrated-vtysh-config
bgp route-map delay-timer 1
bfd
 profile lab
  detect-multiplier {multiplier}
  receive-interval {interval}
  transmit-interval {interval}
 exit
exit
router bgp {asn}
 bgp router-id {router_id}
 bgp listen limit 1000
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 timers bgp 3 9
 neighbor CPE peer-group
 neighbor CPE remote-as external
 neighbor CPE bfd profile lab
 neighbor CPE advertisement-interval 0
 neighbor CPE6 peer-group
 neighbor CPE6 remote-as external
 neighbor CPE6 bfd profile lab
 neighbor CPE6 advertisement-interval 0
 neighbor {peer} remote-as {asn}
 neighbor {peer} bfd profile lab
 neighbor {peer} timers connect 1
 neighbor {peer6} remote-as {asn}
 neighbor {peer6} bfd profile lab
 neighbor {peer6} timers connect 1
 bgp listen range {segment} peer-group CPE
 bgp listen range {segment6} peer-group CPE6
 address-family ipv4 unicast
  network {segment}
{networks}  neighbor CPE activate
  neighbor CPE default-originate
  neighbor {peer} activate
  neighbor {peer} next-hop-self{default}
 exit-address-family
 address-family ipv6 unicast
  network {segment6}
{networks6}  neighbor CPE6 activate
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


def frr_configuration(kind: Kind) -> str:
    """Return the configuration of the BNG or of the mobile core."""
    speaker = SPEAKERS[kind]
    return TEMPLATE.format(
        name=speaker.name,
        asn=OPERATOR_AS,
        multiplier=BFD_MULTIPLIER,
        interval=BFD_INTERVAL_MS,
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
