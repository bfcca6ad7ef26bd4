"""Reads the commands that concern one ONT: `display current-configuration ont F/S/P N`."""

import re
from dataclasses import dataclass, field

from provisioning.model.ont import OntScope
from provisioning.platforms.huawei_smartax import commands
from provisioning.platforms.huawei_smartax.reading import not_understood

_FRAMING = re.compile(r"^(?:#|\[.*\]|<.*>|return|interface\s+\S+\s+\d+/\d+)$")
_NATIVE = re.compile(rf"ont port native-vlan \d+ \d+ eth {commands.ETH_PORT} vlan (\d+)(?: priority 0)?")

NOISE = {
    r"ont add \d+ \d+ ": "read in full from `display ont info`",
    r"service-port \d+ ": "looked at on its own",
    r"ont fec \d+ \d+ use-profile-config": "the default, which some versions write out",
    r"ont alarm-(?:policy|profile) ": "how the OLT alarms; comes with some versions by itself",
    r"ont optical-alarm-profile ": "likewise",
    r"ont (?:activate|deactivate) \d+ \d+": "read from `display ont info`",
}
"""Lines that say nothing of their own, with the reason why."""

_NOISE = re.compile("|".join(NOISE))
_SERVICE_PORT = re.compile(r"service-port (\d+) .*")
_PLAIN = re.compile(
    r"service-port \d+ vlan \d+ .* multi-service user-vlan \d+ tag-transform translate(?: (?:in|out)bound .*)?"
)


@dataclass(frozen=True, slots=True)
class OntConfiguration:
    """What only the configuration tells of an ONT.

    Attributes:
        user_vlan: the native VLAN of the ONT's first port; 0 when nobody set any.
        service_ports: line by index.
        others: lines that Proviso never writes.
        lines: all that are commands, in order, as the OLT writes them.
    """

    user_vlan: int
    service_ports: dict[int, str]
    others: tuple[str, ...]
    lines: tuple[str, ...] = field(default=(), repr=False)


def read_configuration(page: str, scope: OntScope) -> OntConfiguration:
    """Return what the configuration tells of an ONT.

    Raises:
        AnswerNotUnderstood: when it does not end as such a page ends, or is not about this ONT.
    """
    lines = joined(page)
    if not lines or lines[-1] != "return":
        raise not_understood("configuration of an ONT", page, "it does not end with `return`")
    inside = [each for each in lines if not _FRAMING.fullmatch(each)]
    number = scope.port.rpartition("/")[2]
    if not any(each.startswith(f"ont add {number} {scope.ont_id} ") for each in inside):
        raise not_understood("configuration of an ONT", page, "it does not say how the ONT was added")
    native = [found for each in inside if (found := _NATIVE.fullmatch(each))]
    ports = {int(found[1]): each for each in inside if (found := _SERVICE_PORT.fullmatch(each))}
    others = tuple(each for each in inside if not (_NATIVE.fullmatch(each) or _NOISE.match(each)))
    user_vlan = int(native[0][1]) if native else commands.NO_NATIVE_VLAN
    return OntConfiguration(0 if user_vlan == commands.NO_NATIVE_VLAN else user_vlan, ports, others, tuple(inside))


def is_plain(line: str) -> bool:
    """Return whether a service-port does nothing but what ours do."""
    return bool(_PLAIN.fullmatch(line))


def joined(page: str) -> list[str]:
    """Return the lines of a configuration, those together that the terminal's width broke apart.

    Commands begin with a space, what frames them does not, and neither does the rest of a broken line.
    """
    lines: list[str] = []
    for each in page.splitlines():
        text = " ".join(each.split())
        if not text:
            continue
        if lines and not each[0].isspace() and not _FRAMING.fullmatch(text) and not _FRAMING.fullmatch(lines[-1]):
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return lines
