"""Renders the configuration of a line: `render(addressed) -> Config`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import UndefinedError

from provisioning.errors import UnusableTemplate
from provisioning.model.config import Config, Document, NothingRendered, SecretDocument
from provisioning.model.intent import AddressedIntent, Intent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.model.secret import REDACTED, Secret
from provisioning.platforms.idle_router import IdleRouter
from provisioning.platforms.routers import ROUTERS
from provisioning.platforms.template import Encoded, Placed
from provisioning.rendering.environment import MASKED, NOTATION, NotEncodedError, environment

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
    platform = ROUTERS[cpe.platform]
    return _config(platform.name, platform.placed(addressed, operator, secrets), templates)


def render_bootstrap(serial: str, platform: str, operator: Operator, templates: Path) -> Config:
    """Return the documents of a router that serves no line; none of them holds a secret.

    Args:
        platform: of the router, one of ROUTERS.

    Raises:
        UnusableTemplate: naming document and line of the template.
    """
    return _config(platform, ROUTERS[platform].placed_idle(IdleRouter(serial, operator)), templates)


def why_nothing(intent: Intent) -> str:
    """Return why there are no documents for a line's router; empty when there are."""
    if intent.cpe is None:
        return f"the router of {intent.formula} is the customer's own"
    if intent.cpe.platform not in ROUTERS:
        return f"the platform {intent.cpe.platform} is not known"
    return ""


def _config(platform: str, placed: Iterable[Placed], templates: Path) -> Config:
    return Config(platform, tuple(_document(each, templates / platform) for each in placed))


def _document(placed: Placed, templates: Path) -> Document:
    shown = _text(placed, templates, masked=True)
    if REDACTED not in shown:  # else it has to be rendered again, with its secrets
        return Document(placed.name, placed.path, placed.mode, shown)
    text = _text(placed, templates, masked=False)
    return SecretDocument(placed.name, placed.path, placed.mode, shown, Secret(text))


def _text(placed: Placed, templates: Path, *, masked: bool) -> str:
    name = placed.template
    try:
        text = (
            environment(templates)
            .get_template(name)
            .render({**placed.values, NOTATION: placed.notation, MASKED: masked})
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
            f"{placed.name} cannot be rendered: {error}",
            where=f"{templates / name}:{_template_line(error, name)}",
            remedy=f"Name a value that the document has; {page} says where they come from.",
        ) from None
    if masked:
        # A Wi-Fi key may well hold braces, so only the text without secrets is looked at; a name may, too.
        _refuse_residue(placed.name, text, frozenset(_braced(placed.values)), templates / name)
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
