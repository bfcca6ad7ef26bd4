"""The one Jinja2 environment of a folder of templates: strict, and placing nothing that nobody encoded."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context, Undefined

from provisioning.platforms.template import Encoded, Hidden

NOTATION = "_notation"
"""Under this name a document's notation reaches the check of what is placed."""

MASKED = "_masked"
"""Under this name a rendering says that it is for people's eyes."""

_Number = IPv4Address | IPv4Network | IPv6Address | IPv6Network | int


class NotEncodedError(Exception):
    """A template placed text that no encoder of its document's notation wrote."""


@pass_context
def _place(context: Context, value: object) -> str:
    if isinstance(value, Encoded | Hidden):
        if value.notation != context[NOTATION]:
            raise NotEncodedError(f"text encoded for {value.notation} in a document of {context[NOTATION]}")
        return value.shown if context[MASKED] else str.__str__(value)
    if isinstance(value, Undefined):
        return str(value)  # StrictUndefined raises here, and says the name
    if isinstance(value, _Number) and not isinstance(value, bool):
        return str(value)
    raise NotEncodedError(f"a {type(value).__name__} that nobody encoded")


@lru_cache(maxsize=8)
def environment(folder: Path) -> Environment:
    """Return the environment of a folder of templates.

    HTML escaping is off because nothing here is HTML: values are encoded for their document before they are placed.
    """
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - see above
        finalize=_place,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
