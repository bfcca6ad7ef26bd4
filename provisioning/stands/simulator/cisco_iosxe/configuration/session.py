"""Where somebody who configures the router is."""

from dataclasses import dataclass, field
from typing import NamedTuple

from provisioning.stands.simulator.cisco_iosxe.configuration.rule import Key, Lines


class Place(NamedTuple):
    """A mode, and the statement whose section it is.

    Attributes:
        mode: name of the mode.
        path: keys of the statements from the root to that one.
        suffix: of the prompt.
    """

    mode: str
    path: tuple[Key, ...]
    suffix: str


GLOBAL = Place("config", (), "(config)#")


@dataclass(slots=True)
class Collecting:
    """Lines that are no commands: the text of a banner, a certificate, a public key.

    Attributes:
        kind: what they are.
        path: of the statement that they belong to.
        lines: so far.
        until: what ends them, for a banner.
    """

    kind: Lines
    path: tuple[Key, ...]
    lines: list[str] = field(default_factory=list)
    until: str = ""


@dataclass(slots=True)
class Session:
    """Somebody in configuration mode.

    Attributes:
        modes: the modes entered, outermost first; empty outside of configuration mode.
        collecting: what the next lines belong to where they are no commands.
        interactive: whether the lines stand behind a prompt, by whose width errors are marked.
    """

    modes: list[Place] = field(default_factory=lambda: [GLOBAL])
    collecting: Collecting | None = None
    interactive: bool = True

    @property
    def active(self) -> bool:
        """Whether it is in configuration mode still."""
        return bool(self.modes)

    @property
    def suffix(self) -> str:
        """What stands behind the host name in the prompt: `(config-if)#`."""
        if self.collecting is not None and self.collecting.kind is Lines.KEY:
            return "(conf-ssh-pubkey-data)#"
        return self.modes[-1].suffix if self.modes else "#"
