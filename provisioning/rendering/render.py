"""Renders the configuration of a line: `render(addressed) -> Config`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import UndefinedError

from provisioning.errors import UnusableTemplate
from provisioning.model.config import Config, Document, NothingRendered, SecretDocument
from provisioning.model.intent import AddressedIntent, Intent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.model.secret import REDACTED, Secret
from provisioning.platforms.idle_router import IdleRouter
from provisioning.platforms.router_platform import RouterPlatform
from provisioning.platforms.routers import ROUTERS
from provisioning.platforms.template import DocumentTemplate, Encoded, Values
from provisioning.rendering.environment import MASKED, NOTATION, NotEncodedError, environment

LATER_PLATFORMS = ("cisco_iosxe",)

Line = TypeVar("Line")

# What stays behind when a template is broken; no notation of ours doubles braces or opens one with a percent sign.
_RESIDUE = re.compile(r"\{\{|\{%|\{#|%\}|#\}")


def render(
    addressed: AddressedIntent, operator: Operator, secrets: LineSecrets, templates: Path
) -> Config | NothingRendered:
    """Return the documents of the line's router, or why there are none.

    Args:
        templates: the folder with one folder a platform.

    Raises:
        UnusableTemplate: naming document and line of the template.
        CannotEncode: when a value cannot be said in its document.
    """
    cpe, why = addressed.intent.cpe, why_nothing(addressed.intent)
    if cpe is None or why:
        return NothingRendered(why)
    return _render(ROUTERS[cpe.platform], addressed, operator, secrets, templates)


def _render(
    platform: RouterPlatform[Line], addressed: AddressedIntent, operator: Operator, secrets: LineSecrets, folder: Path
) -> Config:
    line = platform.line(addressed, operator, secrets)
    return _config(platform.name, platform.documents, line, folder / platform.name)


def render_bootstrap(serial: str, platform: str, operator: Operator, templates: Path) -> Config:
    """Return the documents of a router that serves no line; none of them holds a secret.

    Args:
        platform: of the router, one of ROUTERS.

    Raises:
        UnusableTemplate: naming document and line of the template.
    """
    return _config(platform, ROUTERS[platform].bootstrap, IdleRouter(serial, operator), templates / platform)


def why_nothing(intent: Intent) -> str:
    """Return why there are no documents for a line's router; empty when there are."""
    if intent.cpe is None:
        return f"the router of {intent.formula} is the customer's own"
    if intent.cpe.platform in LATER_PLATFORMS:
        return f"this version does not configure routers of the platform {intent.cpe.platform} yet"
    if intent.cpe.platform not in ROUTERS:
        return f"the platform {intent.cpe.platform} is not known"
    return ""


def _config(platform: str, documents: Iterable[DocumentTemplate[Line]], line: Line, folder: Path) -> Config:
    rendered = (_document(each, line, folder) for each in documents)
    return Config(platform, tuple(each for each in rendered if each is not None))


def _document(template: DocumentTemplate[Line], line: Line, folder: Path) -> Document | None:
    values = template.values(line)
    if values is None:
        return None
    shown = _text(template, values, folder, masked=True)
    if REDACTED not in shown:  # else it has to be rendered again, with its secrets
        return Document(template.name, template.path, template.mode, shown)
    text = _text(template, values, folder, masked=False)
    return SecretDocument(template.name, template.path, template.mode, shown, Secret(text))


def _text(template: DocumentTemplate[Line], values: Values, templates: Path, *, masked: bool) -> str:
    name = "/".join(each for each in (template.folder, f"{template.name}.j2") if each)
    try:
        text = (
            environment(templates).get_template(name).render({**values, NOTATION: template.notation, MASKED: masked})
        )
    except TemplateNotFound:
        raise UnusableTemplate(
            "there is no such template", where=str(templates / name), remedy="Restore it with `proviso init`."
        ) from None
    except TemplateSyntaxError as error:
        raise UnusableTemplate(
            f"not a template: {error.message}",
            where=f"{templates / name}:{error.lineno}",
            remedy="Mend the syntax there.",
        ) from None
    except (UndefinedError, NotEncodedError, TemplateError) as error:
        page = f"docs/{templates.name.replace('_', '-')}.md"
        raise UnusableTemplate(
            f"{template.name} cannot be rendered: {error}",
            where=f"{templates / name}:{_template_line(error, name)}",
            remedy=f"Name a value that the document has; {page} says where they come from.",
        ) from None
    if masked:
        # A Wi-Fi key may well hold braces, so only the text without secrets is looked at; a name may, too.
        _refuse_residue(template.name, text, frozenset(_braced(values)), templates / name)
    return text


def _template_line(error: BaseException, name: str) -> int:
    """Return the line of the template in which rendering stopped: Jinja2 puts template frames into the traceback."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(name):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _braced(value: object) -> Iterator[str]:
    """Yield the texts among the values that look like template syntax."""
    if isinstance(value, Encoded):
        if _RESIDUE.search(value):
            yield str.__str__(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _braced(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _braced(each)


def _refuse_residue(document: str, text: str, placed: frozenset[str], path: Path) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if _RESIDUE.search(line) and not any(each in line for each in placed):
            raise UnusableTemplate(
                f"line {number} of {document} still holds template syntax",
                where=str(path),
                remedy="Look for a block that does not close.",
            )
