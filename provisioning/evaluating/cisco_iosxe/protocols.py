"""Protocols above IP as entries name them: Cisco IOS Security Command Reference, "permit (IP)"; IANA's numbers."""

NUMBERS: dict[str, int] = {
    "ahp": 51,
    "eigrp": 88,
    "esp": 50,
    "gre": 47,
    "igmp": 2,
    "ipinip": 4,
    "nos": 94,
    "ospf": 89,
    "pcp": 108,
    "pim": 103,
    "sctp": 132,
    "tcp": 6,
    "udp": 17,
}
"""Alike in both families; `icmp` is not."""

ICMP = {4: 1, 6: 58}
ANY = {4: "ip", 6: "ipv6"}


def protocol(word: str, family: int) -> int | None:
    """Return the number of a protocol; None for the word that means every one.

    Raises:
        ValueError: when it is no protocol.
    """
    if word == ANY[family]:
        return None
    if word == "icmp":
        return ICMP[family]
    number = NUMBERS.get(word, int(word) if word.isascii() and word.isdigit() else -1)
    if not 0 <= number <= 255:
        raise ValueError(f"{word} is no protocol")
    return number
