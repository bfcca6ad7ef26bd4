"""What lets a test be stopped by permissions."""

import os
import shutil

import pytest

NO_PRIVILEGES: tuple[str, ...] = ()
if os.geteuid() == 0:
    DROPPED = "-dac_override,-dac_read_search"
    NO_PRIVILEGES = ("setpriv", f"--bounding-set={DROPPED}", f"--inh-caps={DROPPED}")
"""Runs a command that permissions stop, even as root."""

with_permissions = pytest.mark.skipif(
    bool(NO_PRIVILEGES) and shutil.which("setpriv") is None, reason="as root, and there is no setpriv to become less"
)
