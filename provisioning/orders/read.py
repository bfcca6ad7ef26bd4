"""Reads an order form: file to typed form, or one clear error with the place."""

import difflib
import sys
import typing
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from provisioning.errors import UnreadableForm
from provisioning.orders import document
from provisioning.orders.document import Document
from provisioning.orders.form import OrderForm

STANDARD_INPUT = "-"


def read(path: Path) -> OrderForm:
    """Return the order form that stands in a file.

    Args:
        path: a YAML or JSON file, or `-` for standard input.

    Raises:
        UnreadableForm: when it is no order form, with the place and what to do.
    """
    source = "standard input" if str(path) == STANDARD_INPUT else str(path)
    return form_of(document.parse(_content(path, source), source))


def form_of(parsed: Document) -> OrderForm:
    """Return the typed form of a parsed document.

    Raises:
        UnreadableForm: naming every key that does not fit, with the place of the first.
    """
    if not isinstance(parsed.data, dict):
        raise UnreadableForm(
            "an order form is a mapping of keys to values",
            where=parsed.place(()),
            remedy="Start from one of examples/orders/.",
        )
    try:
        return OrderForm.model_validate(parsed.data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        first = _known_path(details[0])
        text = "; ".join(dict.fromkeys(_describe(each) for each in details[:20]))
        raise UnreadableForm(
            text, where=parsed.place(first), remedy="The keys of the form are described in docs/order-form.md."
        ) from None


def _content(path: Path, source: str) -> bytes:
    try:
        if str(path) == STANDARD_INPUT:
            return sys.stdin.buffer.read(document.MAXIMUM_BYTES + 1)
        with path.open("rb") as file:
            return file.read(document.MAXIMUM_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise UnreadableForm(reason, where=source, remedy="Check the path and its permissions.") from None


def _known_path(detail: ErrorDetails) -> tuple[str | int, ...]:
    return tuple(part for part in detail["loc"] if isinstance(part, str | int))


def _describe(detail: ErrorDetails) -> str:
    path = _known_path(detail)
    name = ".".join(str(part) for part in path)
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key {name!r}{_suggestion(path)}"
        case "missing":
            return f"the key {name!r} is missing"
        case "string_type":
            return f"{name} must be text: put quotation marks around it"
        case "string_pattern_mismatch":
            return f"{name} has a form that is not allowed, {detail['input']!r:.80}"
        case _:
            message = detail["msg"]
            return f"{name}: {message[0].lower()}{message[1:]}"


def _suggestion(path: tuple[str | int, ...]) -> str:
    known = _known_keys(path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, n=1, cutoff=0.5)
    return f", did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = OrderForm
    for part in path:
        if isinstance(part, int):
            continue
        field = next((f for name, f in model.model_fields.items() if part in (name, f.alias)), None)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in typing.get_args(annotation) if (found := _model_in(each))), None)
