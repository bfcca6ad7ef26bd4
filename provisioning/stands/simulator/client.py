"""What the command line asks of a simulator: start it, stop it, look at it, break something in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from provisioning.errors import SimulatorDown, SimulatorUnable
from provisioning.stands.simulator import folder as places
from provisioning.stands.simulator.folder import SIMULATOR
from provisioning.stands.stand import exchange, is_free, peer


class Client:
    """A simulator by its folder, up or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_up(self) -> bool:
        """Return whether a daemon answers."""
        return SIMULATOR.is_up(self.folder)

    def ask(self, do: str, **more: object) -> dict[str, Any]:
        """Return the daemon's answer.

        Raises:
            SimulatorDown: when none is up.
            UnknownName: when nothing has the name that was given.
            BadInput: when a value is none.
            SimulatorUnable: when it cannot do it, or does not answer.
        """
        connection = SIMULATOR.connect(self.folder)
        if connection is None:
            raise SimulatorDown(
                "the simulator is not up", where=str(self.folder), remedy="`proviso simulator up` brings it up."
            )
        with connection:
            try:
                answer, _ = exchange(connection, {"do": do, **more})
            except (OSError, ValueError):
                raise SIMULATOR.silent(self.folder) from None
        if "error" in answer:
            raise SIMULATOR.raised(answer["error"])
        return answer

    def daemon(self) -> int | None:
        """Return the process id of the daemon, or None when none is up."""
        connection = SIMULATOR.connect(self.folder)
        if connection is None:
            return None
        with connection:
            return peer(connection)

    def down(self) -> bool:
        """End the daemon and wait for it; return whether there was one.

        Raises:
            SimulatorUnable: when it does not end.
        """
        connection = SIMULATOR.connect(self.folder)
        if connection is not None:
            with connection:
                daemon = peer(connection)
                connection.settimeout(SIMULATOR.end_seconds / 4)
                try:
                    exchange(connection, {"do": "down"})
                except (OSError, ValueError):
                    # It does not listen: it need not.
                    os.kill(daemon, signal.SIGKILL)
        was_up = connection is not None or not is_free(self.folder)
        SIMULATOR.wait_until_free(self.folder)
        return was_up

    def erase(self) -> None:
        """Have every device forget everything; nothing may be up.

        Raises:
            SimulatorUnable: when another process starts it at this moment, or a file stays.
        """
        if not self.folder.is_dir():
            return
        lock = SIMULATOR.take(self.folder)
        if lock is None:
            raise SimulatorUnable(
                "another process has just started it", where=str(self.folder), remedy="`proviso simulator down` again."
            )
        try:
            places.erase(self.folder)
        finally:
            os.close(lock)


def start(folder: Path, plan: dict[str, object], progress: Callable[[str, int], None]) -> bool:
    """Start a simulator and wait until it is up; return False when one is up already.

    Args:
        folder: of the simulator.
        plan: what the world is built from, as the daemon reads it.
        progress: told each stage and its number of things.

    Raises:
        SimulatorUnable: when it does not come up.
    """
    lock = SIMULATOR.take(folder)
    if lock is None:
        return False
    try:
        places.clear(folder)
        _launch(folder, plan, progress, lock)
    finally:
        os.close(lock)
    return True


def _launch(folder: Path, plan: dict[str, object], progress: Callable[[str, int], None], lock: int) -> None:
    log = os.open(folder / places.LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter, and no shell
        [sys.executable, "-P", "-m", SIMULATOR.module, str(folder), str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        pass_fds=[lock],
        start_new_session=True,
        cwd="/",
        text=True,
    )
    os.close(log)
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - asked for above
    try:
        with process.stdin as wanted:
            json.dump(plan, wanted)
        came_up = SIMULATOR.follow(process.stdout, progress)
    except BrokenPipeError:
        came_up = False
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        process.stdout.close()
    if not came_up:
        process.kill()
        process.wait()
        said = " / ".join((folder / places.LOG).read_text("utf-8", "replace").strip().splitlines()[-2:])
        raise SimulatorUnable(
            f"the daemon ended: {said or 'it said nothing'}",
            where=str(folder),
            remedy=f"{folder / places.LOG} has what it said.",
        )
    # It lives on without us.
    process.returncode = 0
