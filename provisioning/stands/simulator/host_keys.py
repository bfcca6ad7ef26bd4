"""Host keys of the simulated hosts: made once, and kept."""

from pathlib import Path

import asyncssh


class HostKeys:
    """Keys by name of the host, in one folder.

    Args:
        folder: made when it is not there, 0700.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def of(self, name: str) -> asyncssh.SSHKey:
        """Return the key of a host."""
        path = self._folder / name
        if path.exists():
            return asyncssh.read_private_key(path)
        key = asyncssh.generate_private_key("ssh-ed25519")
        partial = path.with_name(f".{name}.part")
        partial.touch(0o600)
        partial.write_bytes(key.export_private_key())
        partial.replace(path)
        return key
