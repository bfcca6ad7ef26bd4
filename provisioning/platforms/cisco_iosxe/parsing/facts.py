"""What a router says of itself."""

from dataclasses import dataclass

from provisioning.platforms.cisco_iosxe.parsing.tables import Row, rows, word, words

VERSION = "show version"
ADDRESSES = "show ip interface | include line protocol|Internet address|Secondary address"
ADDRESSES6 = "show ipv6 interface | include line protocol|subnet is"
"""Only the lines that tell addresses: the others differ from version to version."""

_SECONDS = {
    "UPTIME_YEARS": 365 * 86400,
    "UPTIME_WEEKS": 7 * 86400,
    "UPTIME_DAYS": 86400,
    "UPTIME_HOURS": 3600,
    "UPTIME_MINUTES": 60,
}


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """What `show version` tells.

    Attributes:
        serial: of the chassis, which on the 1000 series is the processor board's.
        hostname: as configured.
        release: of the operating system.
        model: such as `C1111-8PLTE`.
        uptime_seconds: in whole minutes, as the router tells it.
    """

    serial: str
    hostname: str
    release: str
    model: str
    uptime_seconds: int


def shown_version(text: str) -> ShownVersion:
    """Read what `show version` answers.

    Raises:
        ValueError: when it does not tell a serial and a release.
    """
    found = rows(VERSION, text)
    if len(found) != 1 or not word(found[0], "SERIAL") or not word(found[0], "VERSION"):
        raise ValueError(f"the answer to `{VERSION}` does not tell what the router is")
    row = found[0]
    return ShownVersion(
        serial=word(row, "SERIAL"),
        hostname=word(row, "HOSTNAME"),
        release=word(row, "VERSION"),
        model=word(row, "HARDWARE"),
        uptime_seconds=sum(int(word(row, name) or 0) * seconds for name, seconds in _SECONDS.items()),
    )


def shown_addresses(text: str, text6: str) -> dict[str, tuple[str, ...]]:
    """Read what `ADDRESSES` and `ADDRESSES6` answer: in CIDR notation by interface, link-local ones left out.

    Raises:
        ValueError: when an answer has a line that is not known.
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("show ip interface", text):
        found[word(row, "INTERFACE")] = _pairs(row)
    for row in rows("show ipv6 interface", text6, ours=True):
        lengths = (each.rpartition("/")[2] for each in words(row, "SUBNET"))
        several = tuple(
            f"{address.lower()}/{length}" for address, length in zip(words(row, "ADDRESS"), lengths, strict=True)
        )
        found[word(row, "INTERFACE")] = found.get(word(row, "INTERFACE"), ()) + several
    return {name: addresses for name, addresses in found.items() if addresses}


def _pairs(row: Row) -> tuple[str, ...]:
    several = zip(words(row, "IP_ADDRESS"), words(row, "PREFIX_LENGTH"), strict=True)
    return tuple(f"{address}/{length or 32}" for address, length in several)
