"""Reads a change request: file to typed form, or one clear error with the place."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from provisioning.changes.form import RequestForm
from provisioning.errors import UnreadableForm
from provisioning.orders.document import Document, checked
from provisioning.orders.read import document_of
from provisioning.validation import describe, first_place


def read_request(path: Path) -> RequestForm:
    """Return the change request that stands in a file.

    Args:
        path: a YAML or JSON file, or `-` for standard input.

    Raises:
        UnreadableForm: when it is no change request, with the place and what to do.
    """
    return request_of(document_of(path))


def request_of(parsed: Document) -> RequestForm:
    """Return the typed form of a parsed document.

    Raises:
        UnreadableForm: naming every key that does not fit, with the place of the first.
    """
    if not isinstance(parsed.data, dict):
        raise UnreadableForm(
            "a change request is a mapping of keys to values",
            where=parsed.place(()),
            remedy="Start from one of examples/changes-on-request/.",
        )
    try:
        return RequestForm.model_validate(parsed.data)
    except ValidationError as error:
        raise UnreadableForm(
            describe(error, RequestForm),
            where=parsed.place(first_place(error)),
            remedy="The keys of a change request are described in docs/change-requests.md.",
        ) from None


def kept_request(content: object, identifier: str) -> RequestForm:
    """Return the form that the store keeps of a request.

    Raises:
        UnreadableForm: when this version cannot read what an earlier one kept.
    """
    return request_of(Document(checked(content), f"content of {identifier}"))


def plain(form: RequestForm) -> dict[str, object]:
    """Return what a form states, and only that, as plain data."""
    return form.model_dump(mode="json", by_alias=True, exclude_unset=True)


def digest(form: RequestForm) -> str:
    """Return a digest of the content that does not depend on its file format or the order of its keys."""
    return digest_of({"schema": form.schema_version, **plain(form)})


def digest_of(content: Mapping[str, object]) -> str:
    """Return the digest of content in plain data, which states its schema."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
