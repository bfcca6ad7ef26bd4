"""Reads an order form: file to typed form, or one clear error with the place."""

import sys
from pathlib import Path

from pydantic import ValidationError

from provisioning.errors import UnreadableForm, unreadable
from provisioning.orders import document
from provisioning.orders.document import Document
from provisioning.orders.form import OrderForm
from provisioning.validation import describe, first_place

STANDARD_INPUT = "-"


def read(path: Path) -> OrderForm:
    """Return the order form that stands in a file.

    Args:
        path: a YAML or JSON file, or `-` for standard input.

    Raises:
        UnreadableForm: when it is no order form, with the place and what to do.
    """
    return form_of(document_of(path))


def document_of(path: Path) -> Document:
    """Return the plain data of a form that stands in a file, whichever form it is.

    Args:
        path: a YAML or JSON file, or `-` for standard input.

    Raises:
        UnreadableForm: when it cannot be read as plain data, with the place and what to do.
    """
    source = "standard input" if str(path) == STANDARD_INPUT else str(path)
    return document.parse(_content(path, source), source)


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
        raise UnreadableForm(
            describe(error, OrderForm),
            where=parsed.place(first_place(error)),
            remedy="The keys of the form are described in docs/order-form.md.",
        ) from None


def _content(path: Path, source: str) -> bytes:
    try:
        if str(path) == STANDARD_INPUT:
            return sys.stdin.buffer.read(document.MAXIMUM_BYTES + 1)
        with path.open("rb") as file:
            return file.read(document.MAXIMUM_BYTES + 1)
    except OSError as error:
        raise unreadable(error, UnreadableForm, source) from None
