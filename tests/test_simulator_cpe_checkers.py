"""The checkers of simulated routers take what Proviso renders, and refuse what the daemons refuse, in their words.

Where the real programs are installed, both are asked about the same mutations, and must agree.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cpes import A
from worlds import ROOT

from provisioning.stands.lab.packages import full_path
from provisioning.stands.simulator.linux_cpe.checkers import check
from provisioning.stands.simulator.linux_cpe.frr import read_frr

DOCUMENTS = sorted(path for path in (ROOT / "tests/cases/render").glob("*/documents/*") if path.name != "nothing")
GOLDEN = ROOT / "tests/cases/render/internet-pro-plus/documents"


def text_of(path: Path) -> str:
    """Return a rendered document, with something in place of its masked secrets."""
    secret = '"correct horse"' if path.name == "snmpd.conf" else "correct horse"
    return path.read_text("utf-8").replace("<secret>", secret)


def told(name: str, text: str) -> str:
    return check(name, text.encode())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parent.parent.name}-{path.name}")
def test_what_is_rendered_is_taken(path: Path) -> None:
    assert told(path.name, text_of(path)) == ""


@pytest.mark.parametrize("name", A)
def test_the_small_set_of_the_lab_is_taken(name: str) -> None:
    assert told(name, A[name]) == ""


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("nftables.conf", "policy drop", "policy dorp", "syntax error, unexpected string"),
        ("nftables.conf", "jump openings", "jump closings", "Could not process rule: No such file or directory"),
        ("nftables.conf", "tcp dport { 25, 443 }", "tcp dport { 25, 70000 }", "Value 70000 exceeds valid range"),
        ("nftables.conf", "ip daddr 192.0.2.1 tcp", "ip daddr 192.0.2.256 tcp", "Could not resolve hostname"),
        ("nftables.conf", 'iifname "lo"', 'iifname "lo', "syntax error"),
        ("nftables.conf", 'ct timeout set "web_ip"', 'ct timeout set "web"', "No such file or directory"),
        ("frr.conf", "router bgp 64511", "router bpg 64511", "line 100: % Unknown command[4]: router bpg 64511"),
        ("frr.conf", "seq 5 permit 192.0.2.1/32", "seq 5 permit 192.0.2.1/33", "% Unknown command[4]"),
        ("frr.conf", "local-preference 200", "local-preference", "% Unknown command[4]"),
        ("dnsmasq.conf", "bogus-priv", "bogus-privy", "dnsmasq: bad option at line 8 of"),
        ("dnsmasq.conf", "255.255.255.0,12h", "255.255.255.0,12y", "dnsmasq: bad dhcp-range at line 14 of"),
        ("dnsmasq.conf", "dhcp-range=172.20.8.2", "dhcp-range=172.20.9.2", "at line 14 of"),
        ("hostapd.conf", "auth_algs=1", "auth_algos=1", "Line 16: unknown configuration item 'auth_algos'"),
        ("hostapd.conf", "correct horse", "short", "invalid WPA passphrase length 5 (expected 8..63)"),
        ("snmpd.conf", "rouser", "rousers", "Unknown token: rousers."),
        ("snmpd.conf", 'SHA "correct horse"', 'SHA "short"', "could not generate the authentication key"),
        ("sshd_config", "UsePAM no", "UsePAN no", "line 8: Bad configuration option: UsePAN"),
        ("sshd_config", "Port 22", "Port 222222", "line 2: Bad Port argument: 222222"),
        ("sysctl.conf", "net.ipv4.ip_forward = 1", "net.ipv4.ip_forwards = 1", "cannot stat /proc/sys/net/ipv4/ip_f"),
        ("sysctl.conf", "net.ipv4.ip_forward = 1", "net.ipv4.ip_forward", "(2): invalid syntax"),
        ("dhcpcd.conf", "persistent", "persistant", "unknown option: persistant"),
        ("network.sh", "\nfi\n", "\n", "Syntax error: end of file unexpected"),
        ("network.sh", '"${1-}"', '"${1-}', "Syntax error"),
        ("daemons", 'zebra_options="', "zebra_options='", "Syntax error: Unterminated quoted string"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_the_daemons_words(name: str, before: str, after: str, words: str) -> None:
    text = text_of(GOLDEN / name)
    assert before in text
    assert words in told(name, text.replace(before, after, 1))


def test_a_residue_of_a_template_is_refused() -> None:
    for name in (
        "nftables.conf",
        "frr.conf",
        "dnsmasq.conf",
        "hostapd.conf",
        "snmpd.conf",
        "sshd_config",
        "dhcpcd.conf",
    ):
        assert told(name, text_of(GOLDEN / name) + "{{ residue }}\n"), name


def test_bgp_announces_what_the_route_maps_let_out() -> None:
    text = text_of(GOLDEN / "frr.conf")
    own = ["192.0.2.1/32", "198.51.100.0/29", "10.255.0.0/32"]
    assert [str(each) for each in read_frr(text).announced("100.64.0.1")] == own
    less = text.replace("ip prefix-list OWN4 seq 10 permit 198.51.100.0/29\n", "")
    assert [str(each) for each in read_frr(less).announced("100.64.0.1")] == [own[0], own[2]]
    assert read_frr(text.replace("route-map FIXED-OUT4 out", "route-map NONE out")).announced("100.64.0.1") == []


REAL: dict[str, list[str]] = {
    "nftables.conf": ["unshare", "-rn", "nft", "-c", "-f"],
    "dnsmasq.conf": ["dnsmasq", "--test", "-C"],
    "network.sh": ["sh", "-n"],
}
SEEDS = range(25)


def mutated(text: str, chance: random.Random) -> str:
    """Return a document with one thing wrong with it, or nothing of importance."""
    lines = text.split("\n")
    at = chance.choice([number for number, line in enumerate(lines) if line.strip()])
    words = lines[at].split()
    change: Callable[[], str] = chance.choice(
        [
            lambda: lines[at].replace(chance.choice(words), f"zz{chance.randrange(99)}", 1),
            lambda: lines[at] + " " + chance.choice(["}", "{", '"', "extra", "70000", ";", "!"]),
            lambda: lines[at].replace(chance.choice(words), "", 1),
            lambda: re.sub(r"\d+", str(chance.choice([0, 999, 70000, 300])), lines[at], count=1),
        ]
    )
    lines[at] = change()
    return "\n".join(lines)


@pytest.mark.parametrize("name", REAL)
def test_they_agree_with_the_real_programs(name: str, tmp_path: Path) -> None:
    path = full_path()
    program = next(each for each in REAL[name] if each not in ("unshare", "-rn"))
    if shutil.which(program, path=path) is None:
        pytest.skip(f"{program} is not installed")
    text, file = text_of(GOLDEN / name), tmp_path / name
    file.write_text(text)
    command = [*REAL[name], str(file)]
    if subprocess.run(command, env={"PATH": path}, capture_output=True, check=False).returncode:
        pytest.skip(f"{program} does not work here")
    for seed in SEEDS:
        other = mutated(text, random.Random(seed))
        file.write_text(other)
        real = subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)
        assert bool(real.returncode) == bool(told(name, other)), f"seed {seed}: {real.stderr} | {told(name, other)}"
