"""What Proviso has to know of a platform of routers to render, plan and read it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from provisioning.model.config import Config, Document
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.device import Running
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.model.read_intent import Place, ReadIntent
from provisioning.platforms.idle_router import IdleRouter
from provisioning.platforms.router_line import BearerInterfaces, RouterLine, router_line
from provisioning.platforms.template import DocumentTemplate, Placed


@dataclass(frozen=True, slots=True)
class Way:
    """How a router is brought from what is in force to what is wanted.

    Attributes:
        commands: what is run on it, in order, for people.
        rollback: what takes it back, for people.
        patch: the text that is sent in place of whole documents; None where those are sent.
    """

    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    patch: Document | None = None


@dataclass(frozen=True, slots=True)
class RouterPlatform:
    """A platform of routers, as data and pure functions.

    Attributes:
        name: as orders and the inventory know it.
        bearers: their interfaces.
        documents: of a router that serves a line, in the order in which they are applied.
        bootstrap: of a router that serves none.
        digest: of documents, texts by name, as they were fetched or rendered.
        comparable: a document's text, given its name and text, without what is not ours or has no meaning: what
            compares.
        mask: a document's text, given its name and text, as people may see it.
        customer_settings: what the customer may change, read from documents; None where Wi-Fi is off.
        way: from what is in force to what is wanted, under a revert timer of so many seconds.
        read_intent: what the line does, read from documents that somebody else may have written.
        lines_besides: the lines of some documents that others have not.
        with_secrets: documents of a backup with those secrets of the line that no router shows.
        with_customer_settings: documents of a backup with other settings of the customer's in them.
        with_login_passwords: documents of a backup, which has none, with those that stand in documents of a router.
    """

    name: str
    bearers: BearerInterfaces
    documents: tuple[DocumentTemplate[RouterLine], ...]
    bootstrap: tuple[DocumentTemplate[IdleRouter], ...]
    digest: Callable[[Mapping[str, str]], str]
    comparable: Callable[[str, str], str]
    mask: Callable[[str, str], str]
    customer_settings: Callable[[Mapping[str, str]], CustomerSettings | None]
    way: Callable[[Running, Config, int], Way]
    read_intent: Callable[[Mapping[str, str]], ReadIntent]
    lines_besides: Callable[[Mapping[str, str], Mapping[str, str]], tuple[Place, ...]]
    with_secrets: Callable[[Mapping[str, str], LineSecrets], Mapping[str, str]]
    with_customer_settings: Callable[[Mapping[str, str], CustomerSettings], Mapping[str, str]]
    with_login_passwords: Callable[[Mapping[str, str], Mapping[str, str]], Mapping[str, str]]

    @property
    def order(self) -> tuple[str, ...]:
        """The names of all documents, in the order in which they are applied."""
        return tuple(each.name for each in self.documents)

    def placed(self, addressed: AddressedIntent, operator: Operator, secrets: LineSecrets) -> Iterator[Placed]:
        """Yield the documents of a line's router.

        Raises:
            ValueError: when the line has no router of ours.
        """
        line = router_line(addressed, operator, secrets, self.bearers)
        found = (each.place(line) for each in self.documents)
        return (each for each in found if each is not None)

    def placed_idle(self, router: IdleRouter) -> Iterator[Placed]:
        """Yield the documents of a router that serves no line."""
        found = (each.place(router) for each in self.bootstrap)
        return (each for each in found if each is not None)

    def digest_of(self, config: Config) -> str:
        """Return the digest of what a router is told, secrets included."""
        return self.digest({each.name: each.reveal() for each in config.documents})
