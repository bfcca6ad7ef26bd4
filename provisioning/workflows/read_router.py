"""From what is in force on a router to a reading: what its line does, the form for it, and what fits neither."""

from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from provisioning.addressing.address import address
from provisioning.adopting.facts import facts_of, printable
from provisioning.adopting.lines import ShownLines, lines_at, unread_lines
from provisioning.adopting.read_line import line_of, secrets_of
from provisioning.errors import CannotEncode
from provisioning.model.adoption import Reading
from provisioning.model.config import NothingRendered
from provisioning.model.intent import AddressedIntent
from provisioning.model.read_intent import SNMP_KEYS, Known, Place, ReadIntent
from provisioning.model.secret import Secret
from provisioning.platforms.routers import ROUTERS
from provisioning.rendering.render import render
from provisioning.workflows.first_look import FirstLook
from provisioning.workflows.surroundings import Surroundings

BEYOND = "Proviso would not render it for a line that does what was read"
GIVEN = Place("given by a person")
LACKING = "Proviso would render it, and the router has not got it"


@dataclass(frozen=True, slots=True)
class ReadRouter:
    """A router that was read.

    Attributes:
        intent: what its configuration says.
        addressed: the same as a line's intent, with stand-ins where nothing was read.
        reading: for people, without what the order form makes of it.
    """

    intent: ReadIntent
    addressed: AddressedIntent
    reading: Reading


def read_router(
    look: FirstLook, formula: str | None, around: Surroundings, *, snmp: tuple[Secret, Secret] | None = None
) -> ReadRouter:
    """Return what a router does, and how that, rendered again, differs from what is in force on it.

    Args:
        formula: of the line, where somebody knows it.
        snmp: pass phrases of the router's SNMPv3 user, where somebody knows them.

    Raises:
        UnusableTemplate: when a template of the project cannot be rendered.
    """
    platform, documents = ROUTERS[look.platform], look.running.documents
    read = _with_snmp(platform.read_intent(documents), snmp)
    addressed = address(*line_of(read, look.serial, look.platform, formula))
    rendered, shown_rendered = _rendered(addressed, read, around)
    shown = ShownLines(documents, platform.mask)
    lacking = platform.lines_besides(rendered, documents)
    wifi = read.wifi.value if read.wifi else None
    reading = Reading(
        facts=facts_of(read),
        unread=unread_lines(read.unread, shown),
        beyond=lines_at(platform.lines_besides(documents, rendered), shown, BEYOND),
        lacking=lines_at(lacking, ShownLines(shown_rendered, platform.mask), LACKING),
        differences=(),
        whole=False,
        missing=(),
        ssid=printable(wifi.ssid) if wifi else None,
        channel=wifi.channel if wifi else None,
    )
    return ReadRouter(read, addressed, reading)


def _with_snmp(read: ReadIntent, snmp: tuple[Secret, Secret] | None) -> ReadIntent:
    if snmp is None:
        return read
    authentication, privacy = (Known(each, GIVEN) for each in snmp)
    unread = tuple(each for each in read.unread if each.what != SNMP_KEYS)
    return replace(read, snmp_authentication=authentication, snmp_privacy=privacy, unread=unread)


def _rendered(
    addressed: AddressedIntent, read: ReadIntent, around: Surroundings
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the documents of a line that does what was read, and as people may see them; none where it cannot be."""
    try:
        config = render(addressed, around.operator, secrets_of(read), around.templates)
    except CannotEncode:
        return {}, {}
    if isinstance(config, NothingRendered):
        return {}, {}
    whole = {each.name: each.reveal() for each in config.documents}
    return whole, {each.name: each.shown for each in config.documents}


def reached_at(look: FirstLook, read: ReadIntent) -> IPv4Address | None:
    """Return the address by which a router is reached from now on: that at which it answered, or its own."""
    try:
        return IPv4Address(look.host)
    except ValueError:
        return read.management.value if read.management else None
