"""A simulated router on a machine so busy that time goes by while it carries out a command."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cpes import A, B, archive, digest
from test_simulator_cpe_router import KEY, Bench, RouterSession, Surroundings

from provisioning.devices import helper
from provisioning.devices.bootstrap import bootstrap
from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.faults import Dropped
from provisioning.stands.simulator.linux_cpe.router import Router
from provisioning.stands.simulator.way import CAME_BY

BEFORE = "192.0.2.1"
"""Where it is reached until the change is in force."""


@dataclass
class Busy(Surroundings):
    """Surroundings in which each look at the clock may take a while."""

    takes: float = 0.0
    shut: Callable[[], bool] = field(default=lambda: False)

    def now(self) -> datetime:
        self.passes(self.takes)
        return self.time

    def reached(self, router: CustomerRouter, name: str, protocol: str, port: int) -> bool:
        router.tick()
        return name != BEFORE or not self.shut()


@pytest.fixture
def bench() -> Iterator[Bench]:
    around = Busy()
    router = Router("LX0101", 1, KEY, KEY.convert_to_public(), around, around)
    bootstrap(RouterSession(router), serial="LX0101", host_key="")
    found = Bench(around, router)
    found.put(A)
    around.shut = lambda: router.text("nftables.conf") == B["nftables.conf"]
    around.takes = 1.0
    yield found


def execute(bench: Bench, arguments: str, given: bytes = b"") -> tuple[int, str]:
    """Run a command as over SSH, by the address of before; return its code, and what it said."""
    said = bytearray()

    async def read() -> bytes:
        return given

    async def run() -> int:
        CAME_BY.set(BEFORE)
        process: Any = SimpleNamespace(
            stdin=SimpleNamespace(read=read),
            stdout=SimpleNamespace(write=said.extend),
            stderr=SimpleNamespace(write=lambda data: None),
        )
        return await bench.router.execute(helper.guarded(arguments), process)

    return asyncio.run(run()), said.decode()


def test_the_answer_to_a_change_comes_before_what_the_change_does(bench: Bench) -> None:
    """However long the machine takes over the command: a router answers, and only then takes its old way away."""
    assert execute(bench, "stage", archive(B)) == (0, f"staged {digest(B)}\n")
    assert execute(bench, f"apply 60 {digest(A)} {digest(B)}") == (0, f"pending {digest(B)}\n")
    with pytest.raises(Dropped):
        execute(bench, "status")
    assert bench.status().live == digest(B)
