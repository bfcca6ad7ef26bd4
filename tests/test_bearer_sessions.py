"""What the router's scripts read of FRR's neighbours: whole answers of FRR as files, one for each kind of line."""

import os
import subprocess
from pathlib import Path

import pytest
from worlds import ROOT

CASES = ROOT / "tests/cases/linux_cpe_sessions"
BEARERS = ROOT / "provisioning/platforms/linux_cpe/proviso-bearers"

IPV4 = {"fixed_ipv4": "100.64.0.1", "mobile_ipv4": "100.96.0.1"}
IPV6 = {"fixed_ipv6": "3fff:0:0:a::1", "mobile_ipv6": "3fff:0:0:b::1"}


def sessions(name: str, neighbours: dict[str, str], folder: Path) -> list[str]:
    """Return `BEARER FAMILY BFD BGP` of each neighbour that the scripts see in an answer of FRR."""
    vtysh = folder / "vtysh"
    vtysh.write_text(f"#!/bin/sh\ncat {CASES}/{name}.txt\n", "utf-8")
    vtysh.chmod(0o700)
    names = ("fixed_ipv4", "fixed_ipv6", "mobile_ipv4", "mobile_ipv6")
    known = " ".join(f"{each}='{neighbours.get(each, '')}'" for each in names)
    done = subprocess.run(
        ["sh", "-euc", f". {BEARERS}; {known}; sessions"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{folder}:{os.environ['PATH']}"},
    )
    return [" ".join(each.split()[:4]) for each in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("name", "neighbours", "seen"),
    [
        ("both-families", IPV4 | IPV6, ["fixed 4 up up", "fixed 6 up up", "mobile 4 up up", "mobile 6 up up"]),
        ("both-families", IPV6, ["fixed 6 up up", "mobile 6 up up"]),
        ("ipv4-only", IPV4, ["fixed 4 up up", "mobile 4 up up"]),
        ("ipv4-only", {"mobile_ipv4": "100.96.0.1"}, ["mobile 4 up up"]),
        ("ipv4-only", IPV6, []),
    ],
)
def test_a_line_has_neighbours_in_the_families_of_its_addresses(
    name: str, neighbours: dict[str, str], seen: list[str], tmp_path: Path
) -> None:
    assert sessions(name, neighbours, tmp_path) == seen
