"""Security zones and what may pass between them.

"Zone-Based Policy Firewall Design and Application Guide", "Rules For Applying Zone-Based Policy Firewall": traffic
passes freely within a zone, and between interfaces without any; between two zones nothing passes without a zone pair;
nothing passes between a zone and an interface without one. To and from the router itself (`self`) everything passes
unless a zone pair says otherwise.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provisioning.evaluating.cisco_iosxe.sections import Section

SELF = "self"
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ZonePair:
    """What is asked from one zone to another.

    Attributes:
        policy: empty for none.
    """

    name: str
    policy: str
    written: str


@dataclass(frozen=True, slots=True)
class Zones:
    """The zones of a configuration.

    Attributes:
        pairs: by source and destination.
        default: whether interfaces without a zone are in the one of that name.
        not_understood: lines that may matter.
    """

    pairs: Mapping[tuple[str, str], ZonePair]
    default: bool
    not_understood: tuple[str, ...]

    def of(self, zone: str) -> str:
        """Return the zone of an interface that names this one."""
        return zone or (DEFAULT if self.default else "")


def read_zones(configuration: Iterable[Section]) -> Zones:
    """Return the zones of a configuration."""
    pairs: dict[tuple[str, str], ZonePair] = {}
    default = False
    unread: list[str] = []
    for section in configuration:
        match section.words:
            case ("zone", "security", name):
                default = default or name == DEFAULT
            case ("zone-pair", "security", name, "source", source, "destination", destination):
                pairs[source, destination] = _pair(name, section, unread)
            case ("zone" | "zone-pair", *_):
                unread.append(section.line)
    return Zones(pairs, default, tuple(unread))


def _pair(name: str, section: Section, unread: list[str]) -> ZonePair:
    policy = ""
    for each in section.below:
        match each.words:
            case ("service-policy", "type", "inspect", some):
                policy = some
            case ("description", *_):
                pass
            case _:
                unread.append(f"zone pair {name}: {each.line}")
    return ZonePair(name, policy, section.line)
