"""What a device is to be told: named documents, rendered together."""

from dataclasses import dataclass

from provisioning.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Document:
    """One file on a device.

    Attributes:
        name: unique within its Config, and what the helper on the device knows it by.
        path: absolute, on the device.
        mode: permissions; the owner is root.
        shown: the text as people may see it.
    """

    name: str
    path: str
    mode: int
    shown: str

    @property
    def secret(self) -> bool:
        """Whether the text differs from what is shown."""
        return False

    def reveal(self) -> str:
        """Return the text for the device."""
        return self.shown


@dataclass(frozen=True, slots=True)
class SecretDocument(Document):
    """A file that carries a secret: everything but `reveal` shows `<secret>` in its place."""

    text: Secret

    @property
    def secret(self) -> bool:
        """Whether the text differs from what is shown."""
        return True

    def reveal(self) -> str:
        """Return the text for the device."""
        return self.text.reveal()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that one device is told.

    Attributes:
        documents: in the order in which they are applied.
    """

    platform: str
    documents: tuple[Document, ...]

    def __getitem__(self, name: str) -> Document:
        return next(each for each in self.documents if each.name == name)


@dataclass(frozen=True, slots=True)
class NothingRendered:
    """There is no configuration for the line, because …."""

    reason: str
