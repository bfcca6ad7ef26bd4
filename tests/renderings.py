"""Rendered lines and the daemons' own checkers, for the tests of rendering."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from worlds import ROOT, World

from provisioning.model.config import Config, NothingRendered
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.operator import Operator
from provisioning.model.secret import Secret
from provisioning.orders.read import read
from provisioning.rendering.operator_file import OPERATOR_FILE, read_operator_file
from provisioning.rendering.render import render
from provisioning.store.engine import Store
from provisioning.workflows.accept_order import accept_order

TEMPLATES = ROOT / "templates"
EVERY_ORDER = sorted((ROOT / "examples" / "orders").glob("*.yaml"))
ORDERS = [each for each in EVERY_ORDER if not each.stem.endswith("-cisco")]
"""Those whose router, where there is one, runs Linux."""
SECRETS = LineSecrets(Secret("wifi key: canary"), Secret("authentication canary"), Secret("privacy canary"))
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/lib/frr"

ALONE = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
"""Runs a program in a network of its own, where it may load rules."""


@cache
def operator() -> Operator:
    """The shipped operator."""
    return read_operator_file(ROOT / OPERATOR_FILE)


@cache
def addressed(order: Path) -> AddressedIntent:
    """The addressed intent of an example order, alone in a fresh store."""
    store = Store.in_memory()
    try:
        answer = accept_order(read(order), World(store).around)
    finally:
        store.close()
    assert answer.addressed is not None, answer.findings
    return answer.addressed


def example(name: str) -> AddressedIntent:
    """The addressed intent of an example order."""
    return addressed(ROOT / "examples" / "orders" / f"{name}.yaml")


def config(intent: AddressedIntent, secrets: LineSecrets = SECRETS) -> Config:
    """The documents of a line that has some."""
    rendered = render(intent, operator(), secrets, TEMPLATES)
    assert not isinstance(rendered, NothingRendered), rendered.reason
    return rendered


def with_wifi(intent: AddressedIntent, ssid: str, channel: int | None = 1, security: str = "wpa2") -> AddressedIntent:
    """The same line with another Wi-Fi network."""
    wifi = intent.intent.wifi
    assert wifi is not None
    return replace(
        intent, intent=replace(intent.intent, wifi=replace(wifi, ssid=ssid, channel=channel, security=security))
    )


def revealed(rendered: Config) -> dict[str, str]:
    """The texts for the device by their names."""
    return {each.name: each.reveal() for each in rendered.documents}


def run(*command: str, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a program, its errors among its output."""
    return subprocess.run(
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="surrogateescape",
        timeout=60,
        check=False,
        env={**os.environ, "PATH": PATH, "LC_ALL": "C.UTF-8"},
    )


def need(*programs: str) -> None:
    """Skip a test where a program is missing, with the reason."""
    missing = [each for each in programs if shutil.which(each, path=PATH) is None]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")


def complaints(folder: Path, documents: dict[str, str]) -> Iterator[str]:
    """Yield what the daemons' own checkers say against a set of documents."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents.items():
        path = folder / name
        path.write_text(text, "utf-8", "surrogateescape")
        if name == "hostapd.conf":
            yield from (f"{name}: {each}" for each in hostapd_reads([text], folder)[0])
            continue
        answer = run(*_checker(name, str(path), folder))
        if answer.returncode or (name == "snmpd.conf" and "snmpd.conf: line" in answer.stdout):
            yield f"{name}: {answer.stdout}"


def _checker(name: str, file: str, folder: Path) -> list[str]:
    commands = {
        "nftables.conf": [*ALONE, "nft", "-c", "-f", file],
        "sysctl.conf": ["sysctl", "--dry-run", "-e", "-p", file],
        "network.sh": ["shellcheck", "--norc", file],
        "daemons": ["sh", "-n", file],
        "failover.conf": ["sh", "-n", file],
        "frr.conf": ["vtysh", "-C", "-f", file],
        "dnsmasq.conf": ["dnsmasq", "--test", "-C", file],
        "snmpd.conf": ["timeout", "--preserve-status", "1", *ALONE, *_snmpd(file, folder)],
        "sshd_config": [shutil.which("sshd", path=PATH) or "sshd", "-T", "-f", file, "-h", _host_key(folder)],
        "dhcpcd.conf": ["grep", "-q", ".", file],  # dhcpcd has no checker
    }
    command = commands[name]
    need(command[0], *([command[len(ALONE)]] if command[0] == "unshare" else []))
    return command


def _snmpd(file: str, folder: Path) -> list[str]:
    home = f"SNMP_PERSISTENT_DIR={folder}"
    return [
        "env",
        "MIBS=",
        home,
        "snmpd",
        "-f",
        "-Lo",
        "-C",
        "-c",
        file,
        "-p",
        str(folder / "snmpd.pid"),
        "-I",
        "-all",
    ]


def _host_key(folder: Path) -> str:
    key = folder / "key"
    if not key.exists():
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    return str(key)


def hostapd_reads(texts: list[str], folder: Path) -> tuple[list[str], list[bytes]]:
    """Return hostapd's complaints about files, and the octets of the names and keys that it took from them.

    It has no test mode: it runs without a radio until it has told of all files.
    """
    need("hostapd")
    dropped = ("bridge", "ctrl_interface", "country_code", "ieee80211d", "ieee80211h", "interface", "driver")
    files = []
    for number, text in enumerate(texts):
        kept = [line for line in text.split("\n") if line.partition("=")[0] not in dropped]
        files.append(folder / f"hostapd-{number}.conf")
        top = f"interface=w{number}\ndriver=none\n"
        files[-1].write_text(top + "\n".join(kept), "utf-8", "surrogateescape")
    with subprocess.Popen(
        ["timeout", "20", "hostapd", "-ddK", *map(str, files)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
        env={**os.environ, "PATH": PATH},
    ) as process:
        assert process.stdout
        lines, up = [], 0
        for line in process.stdout:
            lines.append(line.rstrip())
            up += "AP-ENABLED" in line
            if up == len(files):
                break
        process.terminate()
    if up < len(files):
        return lines, []
    return [], list(_dumped(lines))


def _dumped(lines: list[str]) -> Iterator[bytes]:
    """Yield the octets of each hexdump: a heading, then sixteen octets a line with their text behind them."""
    octets: bytes | None = None
    for line in [*lines, "end"]:
        if octets is not None and line.startswith("     "):
            octets += bytes.fromhex(line[5:53])
            continue
        if octets is not None:
            yield octets
        octets = b"" if "hexdump_ascii" in line else None
