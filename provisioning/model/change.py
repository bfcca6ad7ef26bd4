"""What is going to happen to one device: from what is in force to what is wanted, and back."""

from dataclasses import dataclass

from provisioning.model.config import Config, Document


@dataclass(frozen=True, slots=True)
class Difference:
    """How one document changes.

    Attributes:
        document: its name.
        text: a unified diff of what people may see; empty when only a secret changes.
        secret: whether a secret in it changes.
    """

    document: str
    text: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one device, under its revert timer.

    Attributes:
        device: serial.
        platform: of the device.
        scope: what it may touch, for people.
        base: digest of what was in force when it was computed; the device refuses it when that has moved.
        wanted: digest of what will be in force.
        config: the whole set of documents.
        differences: by document, in the order in which they are applied; empty when there is nothing to do.
        commands: what is run on the device, in order.
        rollback: what takes the device back.
        patch: the text that is sent in place of whole documents; None where those are sent.
        assumed: whether nobody could ask the device, and its bootstrap configuration was taken for what is in force.
    """

    device: str
    platform: str
    scope: str
    base: str
    wanted: str
    config: Config
    differences: tuple[Difference, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    patch: Document | None = None
    assumed: bool = False

    @property
    def empty(self) -> bool:
        """Whether the device has already what is wanted."""
        return self.base == self.wanted

    def __repr__(self) -> str:
        # Nornir logs what tasks are given.
        return f"Change({self.device}, {self.base[:8]} to {self.wanted[:8]})"
