"""Messages for customers: one file a request, for the operator's own mail to take up."""

import json
import os
from pathlib import Path

from provisioning.model.change_request import ChangeRequest

FOLDER = "messages"


def write_message(request: ChangeRequest, state: Path) -> Path:
    """Write the message for the customer of a request as it stands, whole or not at all; return the file.

    Args:
        state: the state directory.
    """
    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{request.id}.json"
    content = {
        "request": request.id,
        "reference": request.reference,
        "to": request.requester,
        "language": request.language,
        "text": "",
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(text, "utf-8")
        partial.replace(path)
    return path
