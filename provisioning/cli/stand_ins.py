"""Routers that stand in for those of customers while backups are rehearsed: simulated ones, in a process of their own.

What they are told stays in the memory of that process, which ends with this one, however this one ends.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioning.stands.simulator.client import Client
    from provisioning.workflows.rehearse_backups import StandIn

LINUX_CPE, CISCO_IOSXE = "linux_cpe", "cisco_iosxe"

AT_ONCE = 100
"""Stand-ins in one process: more take their turn in the next one."""

STAND_SECONDS = 10.0


@contextmanager
def stand_ins(wanted: Mapping[str, int]) -> "Iterator[Mapping[str, Sequence[StandIn]]]":
    """Yield so many factory-new routers of each platform; they are gone when the block ends.

    Args:
        wanted: number by platform.

    Raises:
        SimulatorUnable: when they do not come up.
    """
    from provisioning.stands.simulator.client import Client, start
    from provisioning.stands.simulator.folder import NAME
    from provisioning.stands.simulator.world import serial_of_cpe, serial_of_iosxe

    linux, cisco = wanted.get(LINUX_CPE, 0), wanted.get(CISCO_IOSXE, 0)
    with TemporaryDirectory(prefix="proviso-stand-ins-") as name:
        state = Path(name)
        client = Client(state / NAME)
        try:
            start(client.folder, _plan(linux, cisco), lambda _stage, _number: None)
            yield {
                LINUX_CPE: [_stand_in(client, serial_of_cpe(each)) for each in range(1, linux + 1)],
                CISCO_IOSXE: [_stand_in(client, serial_of_iosxe(linux + each)) for each in range(1, cisco + 1)],
            }
        finally:
            client.down()


def _plan(linux: int, cisco: int) -> dict[str, object]:
    return {
        "cpes": linux,
        "iosxe": cisco,
        "olts": [],
        "vantages": [],
        "olt_user": "nobody",
        "waits": {},
        # What they save is a customer's configuration: it must not come to any disk.
        "kept": False,
        "ends_with": os.getpid(),
    }


def _stand_in(client: "Client", serial: str) -> "StandIn":
    from provisioning.devices.host_keys import scan_host_key
    from provisioning.devices.reach import Access
    from provisioning.model.proxy import parse_proxy
    from provisioning.workflows.rehearse_backups import StandIn

    proxy = parse_proxy(client.ask("access")["environment"]["PROVISO_SOCKS_PROXY"])
    known_hosts = client.folder / "known_hosts"
    return StandIn(
        serial=serial,
        staging=serial,
        access=Access(client.folder / "key", known_hosts, STAND_SECONDS, proxy),
        host_key=scan_host_key(serial, known_hosts=known_hosts, seconds=STAND_SECONDS, proxy=proxy),
        serve=partial(_serve, client.folder.parent, serial),
        lose_power=partial(_lose_power, client, serial),
    )


def _serve(state: Path, serial: str, told: Mapping[str, object]) -> None:
    """Have the network around the stand-ins carry a line to one: past any OLT, which none of them has."""
    record = {**told, "cpe": serial, "ont": None, "access": "copper"}
    folder = state / "network"
    folder.mkdir(mode=0o700, exist_ok=True)
    partly = folder / f"{serial}.partial"
    partly.write_text(json.dumps(record), "utf-8")
    partly.replace(folder / f"{told['line']}.json")


def _lose_power(client: "Client", serial: str) -> None:
    client.ask("fault", host=serial, kind="power-loss", value=None, clear=False)
