"""The helper on a router of the lab: real daemons, real packets."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cpes import HELPER, KNOWLEDGE, TABLE, WIFI_KEY, A, B, Cpe, digest, documents
from labs import TestLab, eventually, lab_up, needs_lab

from provisioning.platforms.linux_cpe.digest import ORDER, documents_digest
from provisioning.platforms.linux_cpe.documents import DOCUMENTS


@pytest.mark.parametrize("file", sorted(HELPER.parent.glob("proviso-*")), ids=lambda file: file.name)
def test_it_is_short_and_clean(file: Path) -> None:
    """Somebody must be able to read all of it."""
    lines = file.read_text().splitlines()
    assert len(lines) < 165
    assert max(len(line.expandtabs(4)) for line in lines) < 120
    if shellcheck := shutil.which("shellcheck"):
        command = [shellcheck, "-s", "sh", "-x", "-P", "SCRIPTDIR", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_its_table_is_ours() -> None:
    rows = re.findall(r"^\t\t(\S+) (/etc/\S+) (\d{3})\b", KNOWLEDGE.read_text(), re.MULTILINE)
    assert rows == [(each.name, each.path, f"{each.mode:o}") for each in DOCUMENTS]
    assert ORDER == TABLE
    assert documents_digest(A) == digest(A)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state") as up:
        Cpe(up).boots_with_us()
        yield up


@pytest.fixture
def cpe(lab: TestLab) -> Cpe:
    found = Cpe(lab)
    found.anew()
    return found


def picture(cpe: Cpe) -> str:
    """Return what a router does, as far as it can be seen; not the ages of things."""
    return cpe.sh(
        "nft list ruleset; ip -br address; ip route; ip -6 route | sed 's/expires.*//'; "
        "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/wwan0/rp_filter; "
        "ps ax -o comm= | grep -E 'zebra|bgpd|dnsmasq|hostapd|snmpd|sshd$' | sort -u; cat /etc/ssh/sshd_config"
    ).stdout


pytestmark = pytest.mark.xdist_group("helper")


@needs_lab
def test_put_in_force_and_confirmed(cpe: Cpe) -> None:
    base = cpe.live()
    applied = cpe.apply(A)
    assert (applied.code, applied.stdout) == (0, f"pending {digest(A)}\n"), applied.stderr
    status = cpe.settled()
    assert status["live"] == status["pending"] == digest(A)
    assert status["confirmed"] == base
    assert cpe.helper("apply", "60", base, digest(A)).stdout == f"pending {digest(A)}\n"
    for _ in range(2):
        assert cpe.helper("confirm", digest(A)).stdout == f"confirmed {digest(A)}\n"
    assert cpe.helper("abandon").stdout == f"confirmed {digest(A)}\n"
    assert "8001" in cpe.sh("nft list ruleset").stdout
    assert WIFI_KEY in cpe.helper("fetch").stdout


@needs_lab
def test_back_to_what_a_factory_new_router_has(cpe: Cpe) -> None:
    before, base = picture(cpe), cpe.live()
    assert cpe.apply(A).code == 0
    cpe.settled()
    assert picture(cpe) != before
    for _ in range(2):
        assert cpe.helper("abandon").stdout == f"confirmed {base}\n"
    assert cpe.status()["outcome"] == "went back: abandoned"
    assert eventually(lambda: picture(cpe) == before), picture(cpe)


@needs_lab
def test_goes_back_by_itself(cpe: Cpe) -> None:
    cpe.put(A)
    assert cpe.apply(B, seconds=2).code == 0
    status = cpe.went_back()
    assert (status["live"], status["outcome"]) == (digest(A), "went back: not confirmed within 2 s")


@needs_lab
def test_unchanged_documents_are_left_alone(cpe: Cpe) -> None:
    cpe.put(A)
    wanted = {**A, "nftables.conf": B["nftables.conf"]}
    daemons = "pgrep -x 'zebra|dnsmasq|hostapd|snmpd|sshd' | sort; stat -c '%n %i' /etc/dnsmasq.conf /etc/frr/frr.conf"
    before = cpe.sh(daemons).stdout
    cpe.put(wanted)
    assert cpe.sh(daemons).stdout == before


@needs_lab
def test_every_checker_refuses_in_its_own_words(cpe: Cpe) -> None:
    cpe.put(A)
    wrong = {
        "nftables.conf": ("table inet x {\n", "syntax error"),
        "sysctl.conf": ("nonsense\n", "invalid syntax"),
        "network.sh": ("if\n", "Syntax error"),
        "dhcpcd.conf": ("interface wan0\n nonsense\n", "unknown option: nonsense"),
        "daemons": ("if\n", "Syntax error"),
        "frr.conf": ("nonsense\n", "Unknown command"),
        "dnsmasq.conf": ("nonsense\n", "bad option at line 1"),
        "hostapd.conf": (A["hostapd.conf"].replace("canary-wifi-4711", "short"), "invalid WPA passphrase length"),
        "snmpd.conf": ("nonsense 1\n", "Unknown token: nonsense"),
        "sshd_config": ("Nonsense yes\n", "Bad configuration option: Nonsense"),
    }
    for name, (text, words) in wrong.items():
        answer = cpe.apply({**A, name: text})
        assert answer.code == 2, name
        assert re.search(rf"^{re.escape(name)}: refused: [^:]*(.|\n)*{words}", answer.stderr, re.MULTILINE), (
            answer.stderr
        )
        assert answer.stderr.count(": ok") == len(wrong) - 1
    # vtysh ends with 0 here: blocks that it passes over are told in words only.
    blocks = "nonsense M permit 10\nexit\n!\nroute-map N permit 10\n match ip address prefix-list X\nexit\n!\nend\n"
    answer = cpe.apply({**A, "frr.conf": blocks})
    assert (answer.code, "refused: line 1: % Unknown command" in answer.stderr) == (2, True), answer.stderr
    status = cpe.status()
    assert (status["live"], status["pending"], status["outcome"]) == (digest(A), "", "confirmed")


@needs_lab
def test_what_fails_when_it_is_put_in_force_goes_back_at_once(cpe: Cpe) -> None:
    cpe.put(A)
    assert cpe.apply({**B, "network.sh": "#!/bin/sh\necho no such cable >&2\nexit 1\n"}).code == 0
    status = cpe.went_back()
    assert status["live"] == digest(A)
    assert "network.sh: no such cable" in status["outcome"]


@needs_lab
def test_who_is_told_what(cpe: Cpe) -> None:
    nothing = cpe.helper("apply", "60", cpe.live())
    assert (nothing.code, "nothing is staged" in nothing.stderr) == (1, True)
    assert cpe.helper("stage", given=b"no archive").code == 6
    cpe.put(A)
    moved = cpe.apply(B, base="0" * 64)
    assert (moved.code, "somebody changed this router" in moved.stderr) == (3, True)
    cpe.stage(B)
    assert cpe.helper("apply", "60", digest(A), "0" * 64).code == 5
    assert cpe.helper("confirm", "0" * 64).code == 4
    assert cpe.apply(B).code == 0
    other = cpe.apply(documents(port=9), base=digest(A))
    assert (other.code, "another set is pending" in other.stderr) == (4, True)
    assert cpe.helper("confirm", digest(A)).code == 4
    cpe.settled()
    cpe.sh("echo >>/etc/dnsmasq.conf")
    assert cpe.helper("confirm", digest(B)).code == 3
    cpe.helper("abandon")
    assert cpe.live() == digest(A)
    assert cpe.helper("nonsense").code == 1


@needs_lab
def test_what_the_customer_changed_is_what_it_goes_back_to(cpe: Cpe) -> None:
    cpe.put(A)
    cpe.sh("sed -i s/ssid=Test/ssid=Mine/ /etc/hostapd/hostapd.conf")
    mine = {**A, "hostapd.conf": A["hostapd.conf"].replace("ssid=Test", "ssid=Mine")}
    assert cpe.live() == digest(mine)
    assert cpe.apply(B, base=digest(mine)).code == 0
    cpe.settled()
    assert cpe.helper("abandon").stdout == f"confirmed {digest(mine)}\n"
    assert cpe.live() == digest(mine)


@needs_lab
def test_old_sets_are_forgotten(cpe: Cpe) -> None:
    factory = cpe.live()
    cpe.put(A)
    old = [f"{number:064x}" for number in range(9)]
    for day, name in enumerate(old):
        cpe.sh(f"cd /var/lib/proviso/sets && mkdir {name} && touch -d 2026-01-0{day + 1} {name} {digest(A)}")
    cpe.sh(f"touch -d 2025-01-01 /var/lib/proviso/sets/{digest(A)}")
    assert cpe.apply(B).code == 0
    assert set(cpe.sh("ls /var/lib/proviso/sets").stdout.split()) == {factory, digest(A), digest(B), *old[-3:]}
    assert cpe.helper("abandon").stdout == f"confirmed {digest(A)}\n"
    assert cpe.live() == digest(A)
