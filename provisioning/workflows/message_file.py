"""A message for a customer as a file, for the operator's own mail to take up."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from provisioning.reports.customer_message import CustomerMessage

FOLDER = "messages"
"""Of the state directory."""


def write_message_file(name: str, about: Mapping[str, object], written: CustomerMessage, state: Path) -> Path:
    """Write a message, whole or not at all; what stands there already is left alone. Return the file.

    Args:
        name: of the file, without its ending; a later message of that name takes the place of the former.
        about: what tells the operator's mail what it is about; its keys come first.
    """
    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    content = {
        **about,
        "to": written.to,
        "language": written.language,
        "subject": written.subject,
        "text": written.text,
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(text, "utf-8")
        partial.replace(path)
    return path
