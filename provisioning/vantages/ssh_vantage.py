"""A vantage point that is reached over SSH: each request brings the probe along, and leaves nothing behind."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from provisioning.errors import VantageTrouble
from provisioning.model.verdict import Viewpoint
from provisioning.ports import Session

PROGRAM = "import sys; n = int(sys.stdin.buffer.readline()); exec(sys.stdin.buffer.read(n))"
"""All that stands on the command line there: read so many bytes of Python, and run them."""


class SshVantage:
    """A host from which a line is observed.

    Args:
        session: on the host, as root.
        name: in the inventory.
        viewpoint: where it stands.
        interface: on the customer's LAN, where it stands there.
    """

    def __init__(self, session: Session, name: str, viewpoint: Viewpoint, interface: str = "") -> None:
        self._session = session
        self.name = name
        self.viewpoint = viewpoint
        self.interface = interface

    def probe(self, what: str, request: Mapping[str, object], *, seconds: float) -> Mapping[str, object]:
        """Make one observation there and return what was seen, as JSON knows it.

        Raises:
            VantageTrouble: when it cannot be made from there.
            DeviceUnreachable: when the connection is lost.
        """
        loader = _loader()
        sent = json.dumps({"modules": _modules(), "what": what, "request": request}).encode()
        given = b"%d\n%s%s\n" % (len(loader), loader, sent)
        done = self._session.run(f"python3 -c '{PROGRAM}'", given=given, seconds=seconds)
        try:
            seen = json.loads(done.output)
        except (ValueError, RecursionError):
            seen = None
        if done.code or not isinstance(seen, dict):
            # Where it ended well, what is complained of is not its own: the account's shell may have begun with it.
            complaints = done.complaints.strip().splitlines() if done.code else []
            said = complaints[-1] if complaints else "it said nothing that can be read"
            raise VantageTrouble(
                f"the probe did not run there: {said}", where=self.name, remedy="It needs Python 3.10 or later."
            )
        if set(seen) == {"error"}:
            raise VantageTrouble(str(seen["error"]), where=self.name, remedy="docs/proof.md tells what it needs.")
        return seen

    def close(self) -> None:
        """End the connection."""
        self._session.close()


@cache
def _loader() -> bytes:
    return (files("provisioning.vantages") / "loader.py").read_bytes()


@cache
def _modules() -> dict[str, str]:
    """Return the texts of the probe's modules, by the names that they have on the vantage point."""
    found = {}
    for each in (files("provisioning.vantages") / "probe").iterdir():
        if each.name.endswith(".py"):
            name = each.name.removesuffix(".py")
            found["probe" if name == "__init__" else f"probe.{name}"] = each.read_text("utf-8")
    return found
