"""What stands in a router's configuration and is not ours: neither digested, nor changed, nor removed."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A kind of top-level line, with all that stands under it.

    Attributes:
        pattern: of the whole line.
        reason: why it is not ours.
    """

    pattern: str
    reason: str


LEFT_ALONE: tuple[LeftAlone, ...] = (
    LeftAlone(r"version \S+", "the software's own release"),
    LeftAlone(r"boot-(?:start|end)-marker|boot .+", "what the router starts is not a line's concern"),
    LeftAlone(r"license .+", "the hardware's licence and serial number"),
    LeftAlone(
        r"crypto pki (?:trustpoint|certificate chain|certificate map|trustpool) ?.*", "made by the router itself"
    ),
    LeftAlone(r"crypto key pubkey-chain .+", "made by the router itself"),
    LeftAlone(r"username .+", "the account of bootstrapping; to remove it could lock us out"),
    LeftAlone(r"ip ssh pubkey-chain", "the operator's public key, which was there before us"),
    LeftAlone(r"enable (?:secret|password) .+", "for the console, which only people use"),
    LeftAlone(r"line (?:con|aux) .+", "only people use it"),
    LeftAlone(
        r"memory .+|(?:no )?platform .+|subscriber templating|diagnostic .+", "set by the software for the hardware"
    ),
    LeftAlone(
        r"redundancy|spanning-tree extend system-id|multilink bundle-name .+", "set by the software for the hardware"
    ),
    LeftAlone(r"vlan internal allocation policy .+", "set by the software for the hardware"),
    LeftAlone(r"control-plane", "shown always, empty"),
    LeftAlone(r"ip forward-protocol nd", "shown always"),
    LeftAlone(r"no aaa new-model|login on-success log", "shown always"),
    LeftAlone(r"service call-home|call-home", "the licence reports by it"),
    LeftAlone(r"ntp clock-period .+", "measured by the router itself"),
)

_PATTERN = re.compile("|".join(f"(?:{each.pattern})" for each in LEFT_ALONE), re.DOTALL)


def is_left_alone(text: str) -> bool:
    """Return whether a top-level line is not ours.

    Args:
        text: the line, or a banner's or certificate's lines; not indented.
    """
    return _PATTERN.fullmatch(text) is not None
