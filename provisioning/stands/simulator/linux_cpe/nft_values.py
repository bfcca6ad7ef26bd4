"""Values of nftables' language: addresses, ports, protocols and names, read for the field that they belong to."""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from provisioning.stands.simulator.linux_cpe import nft_words as words
from provisioning.stands.simulator.linux_cpe.nft_rules import Span
from provisioning.stands.simulator.linux_cpe.nft_words import NftError, Token

NAMED: Mapping[str, Mapping[str, int]] = {
    "meta l4proto": words.PROTOCOLS,
    "ip protocol": words.PROTOCOLS,
    "ip6 nexthdr": words.PROTOCOLS,
    "meta nfproto": words.FAMILIES,
    "icmp type": words.ICMP_TYPES,
    "icmpv6 type": words.ICMPV6_TYPES,
}
TEXTS = {
    "ct state": words.STATES,
    "ct status": words.STATUSES,
    "ct direction": ("original", "reply"),
    "iifname": (),
    "oifname": (),
}
LONGEST_INTERFACE = 15
MOST = {"sport": 65535, "dport": 65535, "ttl": 255, "hoplimit": 255, "l4proto": 255, "protocol": 255, "nexthdr": 255}


def wrong(token: Token, what: str) -> NftError:
    """Return the complaint about a token."""
    return NftError(what, token.line, token.column, len(token.text))


def name_of(field: str, token: Token) -> str:
    """Return a value that is a name: of an interface, of a state.

    Raises:
        NftError: when it is none.
    """
    text = token.text.strip('"')
    known = TEXTS[field]
    if known and text not in known:
        raise wrong(token, f"Could not parse conntrack {field.split()[-1]}")
    if not known and (not text or len(text) > LONGEST_INTERFACE):
        raise wrong(token, "String exceeds maximum length of 16" if text else "Empty string is not allowed")
    return text


def span_of(field: str, token: Token) -> Span:
    """Return what a value matches, as first and last.

    Raises:
        NftError: when it is none for that field.
    """
    part = field.split()[-1]
    if part in ("saddr", "daddr"):
        return address_span(token, 6 if field.startswith("ip6") else 4)
    first, dash, last = token.text.partition("-")
    if dash and first.isdecimal() and last.isdecimal():
        low, high = _number(field, token, first), _number(field, token, last)
        if low > high:
            raise wrong(token, "Range negative size")
        return low, high
    number = _number(field, token, token.text)
    return number, number


def address_span(token: Token, version: int) -> Span:
    """Return the addresses of an address, a prefix or a range."""
    first, dash, last = token.text.partition("-")
    try:
        if dash:
            low, high = ip_address(first), ip_address(last)
            if low.version != version or high.version != version:
                raise wrong(token, _family(version))
            return int(low), int(high)
        network = ip_network(token.text, strict=False)
    except ValueError:
        raise wrong(token, "Could not resolve hostname: Name or service not known") from None
    if network.version != version:
        raise wrong(token, _family(version))
    return int(network.network_address), int(network.broadcast_address)


def address_of(token: Token, version: int) -> tuple[int, int]:
    """Return the address of a translation, and its port or 0."""
    text, port = token.text, 0
    if version == 4 and ":" in text:
        text, _, written = text.partition(":")
        port = _number("tcp dport", token, written)
    elif version == 6 and text.startswith("["):
        text, _, written = text[1:].partition("]")
        port = _number("tcp dport", token, written.lstrip(":")) if written else 0
    try:
        address = IPv4Address(text) if version == 4 else IPv6Address(text)
    except ValueError:
        raise wrong(token, "Could not resolve hostname: Name or service not known") from None
    return int(address), port


def _family(version: int) -> str:
    return f"Could not resolve hostname: Address family for hostname not supported (IPv{version} wanted)"


def _number(field: str, token: Token, text: str) -> int:
    named = NAMED.get(field, words.SERVICES if field.endswith("port") else {})
    if text in named:
        return named[text]
    if not text.isdecimal():
        kind = "service" if field.endswith("port") else "value"
        message = "Could not resolve service: Servname not supported for ai_socktype"
        raise wrong(token, message if kind == "service" else f"Could not parse {field.split()[-1]}: {text}")
    number, most = int(text), MOST.get(field.split()[-1], 255)
    if number > most:
        raise wrong(token, f"Value {number} exceeds valid range 0-{most}")
    return number
