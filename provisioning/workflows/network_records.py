"""One file a line for the operator's other systems: BNG, RADIUS, mobile core. They read; we only write.

The files are made anew from the store after each accepted order, so that a process which was killed in between leaves
nothing behind that the next one does not mend.
"""

import json
import os
from pathlib import Path

from provisioning.model.intent import AddressedIntent
from provisioning.planning.network_record import network_record

FOLDER = "network"


def tell_network(
    state: Path,
    addressed: AddressedIntent,
    order: str,
    *,
    before: AddressedIntent | None = None,
    served: AddressedIntent | None = None,
) -> Path:
    """Write what others' systems have to know of a line, whole or not at all; return the file.

    Args:
        before: the line as its router may still be; one without BGP would be cut off if nobody routed to it.
        served: the line whose openings lead to servers besides.
    """
    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{addressed.intent.line}.json"
    text = json.dumps(network_record(addressed, order, before=before, served=served), indent=2) + "\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        partial = path.with_suffix(f".{os.getpid()}.partial")
        partial.write_text(text, "utf-8")
        partial.replace(path)
    return path


def forget_network(state: Path, line: str) -> None:
    """Remove the file of a line that has ceased."""
    (state / FOLDER / f"{line}.json").unlink(missing_ok=True)
