"""What a platform says of a document before it is rendered, and the only text that a template may place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from provisioning.model.secret import REDACTED

Line = TypeVar("Line")

Values = Mapping[str, object]


class Encoded(str):
    """Text that its encoder made harmless for one notation; anything else is refused where a template places it."""

    __slots__ = ()
    notation = ""

    @property
    def shown(self) -> str:
        """The text as people may see it."""
        return str(self)


class Hidden(str):
    """Encoded text that is a secret."""

    __slots__ = ("notation",)
    notation: str

    def __new__(cls, text: Encoded) -> "Hidden":
        """Take over what an encoder wrote."""
        made = super().__new__(cls, str.__str__(text))
        made.notation = text.notation
        return made

    @property
    def shown(self) -> str:
        """The text as people may see it."""
        return REDACTED

    def __repr__(self) -> str:
        return REDACTED


@dataclass(frozen=True, slots=True)
class Placed:
    """A document's template, and what is placed in it.

    Attributes:
        template: its name below the platform's folder.
    """

    name: str
    path: str
    mode: int
    notation: str
    template: str
    values: Values


@dataclass(frozen=True, slots=True)
class DocumentTemplate(Generic[Line]):
    """How a document comes to be.

    Attributes:
        name: of the document; its template is `NAME.j2` in the platform's folder, or in `folder` below it.
        path: on the device.
        mode: permissions on the device.
        notation: of the text that may be placed in it.
        values: computes what the template places; None where the line has no such document.
    """

    name: str
    path: str
    mode: int
    notation: str
    values: Callable[[Line], Values | None]
    folder: str = ""

    def place(self, line: Line) -> Placed | None:
        """Return the document as it is for a line; None where the line has no such document."""
        values = self.values(line)
        if values is None:
            return None
        template = "/".join(each for each in (self.folder, f"{self.name}.j2") if each)
        return Placed(self.name, self.path, self.mode, self.notation, template, values)
