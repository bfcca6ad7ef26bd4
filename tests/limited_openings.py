"""A line whose openings name who may connect, and lead to other ports of their hosts."""

from dataclasses import replace
from ipaddress import IPv4Network, ip_network

from renderings import example

from provisioning.model.intent import AddressedIntent, PortMapping
from provisioning.model.opening import CUSTOMER_FIREWALL, Opening, merged, sorted_sources
from provisioning.model.port_range import PortRange

LINUX, CISCO = "internet-pro-plus", "internet-pro-plus-cisco"
LET_IN = IPv4Network("198.18.1.0/24")


def opening(ports: str, *sources: str) -> Opening:
    """An opening towards the customer's firewall."""
    return Opening(PortRange.parse(ports), CUSTOMER_FIREWALL, None, sorted_sources(map(ip_network, sources)))


def limited_line(name: str) -> AddressedIntent:
    """An example order with limited openings of every kind in the place of its own."""
    line = example(name)
    lan = line.intent.lan
    assert lan is not None
    host, other = lan.subnet[10], lan.subnet[11]
    mappings = (
        PortMapping(PortRange.parse("tcp/25"), host),
        PortMapping(PortRange.parse("tcp/443"), host, None, (LET_IN,)),
        PortMapping(PortRange.parse("tcp/8443"), host, 443, (LET_IN,)),
        PortMapping(PortRange.parse("tcp/8080"), host, 80),
        PortMapping(
            PortRange.parse("tcp/9000-9003"), other, 7000, sorted_sources([LET_IN, IPv4Network("11.0.0.0/8")])
        ),
        PortMapping(PortRange.parse("udp/500"), other, 501, (LET_IN,)),
    )
    opened = (
        opening("tcp/80"),
        opening("tcp/22", "198.18.1.0/24", "3fff:0:1::/48"),
        opening("tcp/100-200", "198.18.1.128/25", "203.0.113.0/24"),
        opening("tcp/150-160", "198.18.1.0/24"),
        opening("udp/53", "203.0.113.0/24"),
    )
    intent = replace(line.intent, port_mappings=mappings, customer_openings=merged(opened))
    return replace(line, intent=intent)
