"""The loop of a fleet run takes together what arrives together, and everything is as it was when it has ended."""

import asyncio
import gc
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from provisioning.fleet import patient_loop
from provisioning.fleet.bulk_work import GARBAGE, bulk_work
from provisioning.fleet.patient_loop import FEW, new_loop

PAIRS = 20


@pytest.fixture
def pairs() -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    with ExitStack() as stack:
        yield [tuple(map(stack.enter_context, socket.socketpair())) for _ in range(PAIRS)]  # type: ignore[misc]


def turns(at_once: int, pairs: list[tuple[socket.socket, socket.socket]]) -> int:
    """Let each of several tasks wait for a byte that another one sends; return in how many turns all have come."""
    loop = new_loop(at_once)
    told: list[float] = []
    looked = 0.0

    async def read(mine: socket.socket) -> None:
        mine.setblocking(False)
        assert await loop.sock_recv(mine, 1) == b"x"
        told.append(looked)

    async def work() -> None:
        tasks = [asyncio.ensure_future(read(mine)) for mine, _ in pairs]
        await asyncio.sleep(0)
        for number, (_, other) in enumerate(pairs):
            loop.call_later(number / 1000, other.send, b"x")
        await asyncio.gather(*tasks)

    select = loop._selector.select  # type: ignore[attr-defined]

    def counted(timeout: float | None = None) -> object:
        nonlocal looked
        looked += timeout is None or timeout > 0
        return select(timeout)

    loop._selector.select = counted  # type: ignore[attr-defined]
    try:
        loop.run_until_complete(asyncio.wait_for(work(), 30))
    finally:
        loop.close()
    return len(set(told))


def test_what_arrives_meanwhile_is_taken_together(
    pairs: list[tuple[socket.socket, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_loop, "SHORTEST", 0.2)
    monkeypatch.setattr(patient_loop, "LONGEST", 0.2)
    assert turns(50, pairs) <= 3


def test_with_few_routers_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_loop, "SHORTEST", 600)
    loop = new_loop(FEW)
    try:
        loop.run_until_complete(asyncio.wait_for(asyncio.sleep(0.001), 30))
    finally:
        loop.close()


def test_a_nap_that_brings_little_makes_the_next_one_longer() -> None:
    mine, other = socket.socketpair()
    with mine, other, patient_loop._Patient(50) as selector:
        selector.register(mine, 1)
        other.send(b"x")
        naps = []
        for _ in range(20):
            assert len(selector.select(1)) == 1
            naps.append(selector._nap)
        assert naps == sorted(naps) and naps[-1] == patient_loop.LONGEST
        assert selector.select(0)
        mine.recv(1)
        assert selector.select(0) == [] and selector.select(0.001) == []
        selector._enough = 1
        other.send(b"x")
        selector.select(1)
        assert selector._nap < patient_loop.LONGEST


def test_the_interpreter_works_as_before_afterwards() -> None:
    before = (gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count())
    with pytest.raises(ZeroDivisionError), bulk_work():
        assert gc.get_threshold()[0] == GARBAGE
        raise ZeroDivisionError
    assert (gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count()) == before


_FAULTS = """
import resource, zlib
from provisioning.fleet.bulk_work import bulk_work
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(100):
        zlib.compress(b"a text", 1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
with bulk_work():
    faults()
    print(faults())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps memory in its own way")
def test_memory_that_was_freed_is_used_again_without_asking_the_system() -> None:
    said = subprocess.run([sys.executable, "-c", _FAULTS], check=True, capture_output=True, text=True)
    assert int(said.stdout) < 100
