"""What a measurement of throughput sends: as much as passes in a time, or no more than it may."""

import socket
import threading
from typing import Any

import pytest

from provisioning.vantages.probe.greeter import receive, send


def measured(seconds: float, most: int | None) -> tuple[int, dict[str, Any]]:
    """Return how many bytes arrived, and what the receiver makes of them."""
    one, other = socket.socketpair()
    counted = Counting(other)
    sender = threading.Thread(target=send, args=(one, seconds, most))
    sender.start()
    found = receive(counted)  # type: ignore[arg-type]  # all that it asks of a socket is recv_into
    sender.join()
    one.close()
    other.close()
    return counted.bytes, found


class Counting:
    """A socket that counts what it receives."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.bytes = 0

    def recv_into(self, buffer: bytearray) -> int:
        count = self._connection.recv_into(buffer)
        self.bytes += count
        return count


@pytest.mark.parametrize("most", [1, 1000, 262_144, 262_145, 5_000_000])
def test_no_more_is_sent_than_may_be_spent(most: int) -> None:
    arrived, found = measured(20.0, most)
    assert arrived == most
    assert found["mbit"] > 0


def test_without_a_limit_time_ends_it() -> None:
    arrived, found = measured(0.6, None)
    assert arrived > 5_000_000
    assert found["points"]
