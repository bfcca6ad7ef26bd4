"""The simulator: memory of one process with 500 devices, how quickly it comes up, sessions that it serves at once."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncssh

from provisioning.stands.simulator.client import Client, start

DEVICES = 500
OLTS = 50
PORTS = {f"0/1/{port}": "gpon" for port in range(16)}
MIB = 1024


def plan(olts: int, routers: int) -> dict[str, Any]:
    """Return a world of so many OLTs and routers, half of them of each platform, as the daemon reads it."""
    return {
        "cpes": routers - routers // 2,
        "iosxe": routers // 2,
        "olts": [{"name": f"olt-{n}", "hostname": f"olt-{n}.example.net", "ports": PORTS} for n in range(olts)],
        "vantages": [{"name": "probe", "hostname": "internet", "data": {"sees": "internet"}}],
        "olt_user": "proviso",
        "waits": {},
    }


def memory(process: int, name: str = "VmRSS") -> float:
    """Return the memory of a process in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) / MIB


def measure(folder: Path, olts: int, routers: int) -> tuple[float, int]:
    """Bring a world up; return the seconds that it takes and the process that it is."""
    began = time.monotonic()
    start(folder, plan(olts, routers), lambda _stage, _number: None)
    seconds = time.monotonic() - began
    process = Client(folder).daemon()
    assert process is not None
    return seconds, process


async def sessions(folder: Path, number: int) -> tuple[float, float]:
    """Open so many terminals at once through the proxy, one on each OLT; return seconds for all and for one."""
    from python_socks.async_.asyncio import Proxy

    access = Client(folder).ask("access")["environment"]

    async def one(olt: int) -> float:
        began = time.monotonic()
        proxy = Proxy.from_url(access["PROVISO_SOCKS_PROXY"])
        sock = await proxy.connect(dest_host=f"olt-{olt}.example.net", dest_port=22)
        async with asyncssh.connect(
            sock=sock,
            username="proviso",
            password=access["PROVISO_OLT_PASSWORD"],
            known_hosts=None,
            client_keys=None,
            config=None,
        ) as connection:
            process = await connection.create_process(term_type="vt100")
            await process.stdout.readuntil(">")
            process.stdin.write("enable\nscroll\nundo smart\ndisplay version\nquit\n")
            await process.stdout.readuntil("log out")
        return time.monotonic() - began

    single = await one(0)
    began = time.monotonic()
    await asyncio.gather(*(one(olt) for olt in range(number)))
    return time.monotonic() - began, single


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder) / "empty" / "simulator", Path(folder) / "full" / "simulator"
        try:
            seconds, process = measure(empty, 0, 0)
            print(f"no devices                     {seconds:6.2f} s  {memory(process):6.1f} MiB  (the floor)")
            Client(empty).down()
            for run in ("first", "again"):
                Client(full).down()
                seconds, process = measure(full, OLTS, DEVICES - OLTS)
                what = f"{OLTS} OLTs, {DEVICES - OLTS} routers, {run}"
                print(f"{what:<30} {seconds:6.2f} s  {memory(process):6.1f} MiB")
            together, single = asyncio.run(sessions(full, OLTS))
            print(f"{OLTS} terminals at once          {together:6.2f} s  {memory(process, 'VmHWM'):6.1f} MiB at most")
            print(f"one terminal                   {single:6.2f} s")
        finally:
            Client(empty).down()
            Client(full).down()


if __name__ == "__main__":
    main()
