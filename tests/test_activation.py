"""Activation in the lab, from the command line: proven, repeated, refused, cut off, killed. After each, the line works
as before or as ordered, and `run show` says which."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from canaries import disguises
from labs import TestLab, eventually, lab_up, needs_lab
from worlds import PROVISO, ROOT, Answer

pytestmark = needs_lab

CPES = 10
SOON = {"PROVISO_REVERT_SECONDS": "15"}
"""For runs that are to go back by themselves."""

AFTER_A_PROOF = {"PROVISO_REVERT_SECONDS": "75"}

SETTLED = 100.0


@dataclass
class Site:
    """One customer of the lab: his order, and what the router has."""

    lab: TestLab
    number: int
    folder: Path

    @property
    def serial(self) -> str:
        return f"LX{100 + self.number:04}"

    @property
    def cpe(self) -> str:
        return f"cpe{self.number}"

    @property
    def order(self) -> str:
        return f"PX-2026-0007{self.number:02}"

    def write(self, **keys: Any) -> Path:
        """Write the order form of this site."""
        form = {
            "order": self.order,
            "customer": {"name": "Imprimerie Exemple"},
            "site": {"address": "1 Rue Exemple, 1000 Bruxelles"},
            "formula": "internet-pro",
            "options": {"fixed_ipv4": True},
            "wifi": {"enabled": True, "ssid": "Imprimerie", "channel": 6, "security": "wpa2"},
            "lan": {"subnet": f"192.168.{self.number}.0/24"},
            "servers": [{"ports": ["tcp/443"], "to": f"192.168.{self.number}.20"}],
            "cpe": {"platform": "linux_cpe", "serial": self.serial},
            **keys,
        }
        path = self.folder / f"{self.order}.yaml"
        path.write_text(yaml.safe_dump(form), "utf-8")
        return path

    def command(self, *arguments: str | Path, project: Path = ROOT) -> list[str]:
        given = [str(PROVISO), "--project", str(project), *map(str, arguments)]
        return [str(PROVISO), "lab", "run", "--", *given]

    def run(self, *arguments: str | Path, project: Path = ROOT, **environment: str) -> Answer:
        """Run Proviso in the NOC."""
        done = subprocess.run(
            self.command(*arguments, project=project),
            env=self.lab.proviso.environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def activate(self, *more: str) -> Answer:
        return self.run("order", "activate", self.write(), *more)

    def latest(self) -> Any:
        """Return the latest run of this router, as `run show` tells it."""
        runs = self.run("run", "list", "--json").json["runs"]
        mine = next(each for each in runs if each["scope"] == self.serial)
        return self.run("run", "show", mine["id"], "--json").json["run"]

    def resumed(self) -> Any:
        """Carry on what was left of this router, and return its latest run."""
        run = self.latest()
        if run["left"]:
            answer = self.run("run", "resume", run["id"], "--json")
            assert answer.code in (0, 1, 4), answer.stderr
        return self.latest()

    def helper(self) -> dict[str, str]:
        """Return what the helper on the router says, by the back door."""
        text = self.lab.within(self.cpe, "/usr/local/sbin/proviso-helper", "status").stdout
        return {name: value.strip() for name, _, value in (line.partition(":") for line in text.splitlines())}

    def serves(self) -> bool:
        """Return whether the internet is reached from behind the router's fixed address, and it from there."""
        return self.lab.pings("internet", self.address())

    def address(self) -> str:
        (path,) = (
            each
            for each in (self.lab.proviso.state / "network").iterdir()
            if json.loads(each.read_text())["cpe"] == self.serial
        )
        return str(json.loads(path.read_text())["fixed_ipv4"])


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("activation") / "state", CPES) as up:
        yield up


@pytest.fixture(scope="module")
def sites(lab: TestLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Site]]:
    """A function that gives a site that nobody has used."""
    numbers = iter(range(1, CPES + 1))
    folder = tmp_path_factory.mktemp("orders")
    yield lambda: Site(lab, next(numbers), folder)


@pytest.fixture
def site(sites: Callable[[], Site]) -> Site:
    return sites()


def killed_at(site: Site, stage: str, form: Path, environment: dict[str, str]) -> None:
    """Activate, and kill Proviso, and nothing else, as soon as it says that it has come to a stage."""
    with subprocess.Popen(
        site.command("order", "activate", form),
        env=site.lab.proviso.environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if f"  {stage} " in line:
                break
        else:
            pytest.fail(f"it never came to {stage}")
        # `lab run` is the parent of what runs in the NOC, which dies with it.
        os.kill(process.pid, signal.SIGKILL)


# --- as it should be ------------------------------------------------------------------------------------------------


def test_a_line_is_activated_proven_and_keeps_what_the_customer_changes(site: Site) -> None:
    first = site.activate("--json")
    assert first.code == 0, first.stderr + first.stdout
    (answer,) = first.json["orders"]
    assert answer["run"]["state"] == "proven"
    assert answer["run"]["proven"] is True
    (change,) = answer["run"]["changes"]
    assert (change["device"], change["state"]) == (site.serial, "kept")
    assert site.helper()["confirmed"] == change["after"] == site.helper()["live"]
    line = site.run("line", "show", answer["line"], "--json").json
    assert line["line"]["state"] == "active"
    assert line["delivered"]["id"] == answer["run"]["id"]
    assert site.run("device", "diff", site.serial).code == 0
    no_secret_is_shown(site, answer["run"]["id"], first)

    changed = (
        "sed -i -e 's/^ssid2=.*/ssid2=50304c4c45/' -e 's/^channel=.*/channel=11/' "
        "-e 's/^wpa_passphrase=.*/wpa_passphrase=chosen by the customer/' /etc/hostapd/hostapd.conf"
    )
    assert site.lab.within(site.cpe, "sh", "-c", changed).code == 0
    assert site.run("device", "diff", site.serial).code == 0
    again = site.activate("--json")
    assert again.code == 0, again.stderr
    (second,) = again.json["orders"]
    assert second["run"]["state"] == "proven"
    (unchanged,) = second["run"]["changes"]
    assert unchanged["before"] == unchanged["after"] != change["after"]
    assert unchanged["differences"] == []
    assert len(second["notes"]) == 3
    text = site.lab.within(site.cpe, "cat", "/etc/hostapd/hostapd.conf").stdout
    assert "wpa_passphrase=chosen by the customer" in text
    assert "channel=11" in text
    no_secret_is_shown(site, second["run"]["id"], again)


def test_a_line_whose_router_is_the_customers_own_is_put_on_record_and_looked_at(lab: TestLab) -> None:
    order = ROOT / "examples" / "orders" / "internet-pro-plus-essential.yaml"
    answer = lab.run(str(PROVISO), "order", "activate", str(order), "--json")
    assert answer.code == 0, answer.stderr
    (done,) = answer.json["orders"]
    assert done["run"]["state"] == "recorded"
    assert done["run"]["proven"] is False
    # Nobody has put a router there, and it is said so.
    assert {each["outcome"] for each in done["run"]["checks"]} == {"failed"}
    assert lab.proviso("line", "show", done["line"], "--json").json["line"]["state"] == "active"


def no_secret_is_shown(site: Site, run: str, answer: Answer) -> None:
    """Look for the secrets that are on the router everywhere else."""
    text = site.lab.within(site.cpe, "cat", "/etc/hostapd/hostapd.conf", "/etc/snmp/snmpd.conf").stdout
    secrets = [line.split("=", 1)[1] for line in text.splitlines() if line.startswith("wpa_passphrase=")]
    for line in text.splitlines():
        if line.startswith("createUser"):
            secrets += [word.strip('"') for word in line.split() if len(word.strip('"')) == 20]
    assert len(secrets) == 3
    shown = [answer.stdout, answer.stderr]
    shown += [site.run("run", "show", run, "--diff").stdout]
    shown += [site.run("order", "plan", site.write(), "--configuration", "--diff").stdout]
    shown += [site.run("device", "fetch", site.serial).stdout]
    shown += [site.run("run", "report", run, "--to", "-").stdout]
    assert all(shown[2:])
    state = site.lab.proviso.state
    on_disk = [
        path.read_bytes() for path in state.rglob("*") if path.is_file() and (state / "lab") not in path.parents
    ]
    everything = [*(each.encode() for each in shown), *on_disk]
    hidden = {disguise for secret in secrets for disguise in disguises(secret)}
    assert not [disguise for disguise in hidden if any(disguise in each for each in everything)]


# --- refused -------------------------------------------------------------------------------------------------------


def project_with(folder: Path, document: str, change: Callable[[str], str]) -> Path:
    """Return a copy of the shipped project with one template changed."""
    for part in ("inventory", "templates", "examples"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nornir.yaml", folder)
    path = folder / "templates" / "linux_cpe" / f"{document}.j2"
    text = change(path.read_text("utf-8"))
    assert text != path.read_text("utf-8")
    path.write_text(text, "utf-8")
    return folder


def test_a_document_that_its_daemon_refuses_changes_nothing(site: Site, tmp_path: Path) -> None:
    bad = project_with(tmp_path / "project", "dnsmasq.conf", lambda text: text + "no-such-option=1\n")
    answer = site.run("order", "activate", site.write(), project=bad)
    assert answer.code == 1
    assert "dnsmasq" in answer.stderr
    assert site.latest()["state"] == "failed"
    assert site.helper()["pending"] == ""


def test_a_configuration_that_locks_us_out_goes_back_by_itself(site: Site, tmp_path: Path) -> None:
    bad = project_with(
        tmp_path / "project", "nftables.conf", lambda text: text.replace("tcp dport 22 accept", "tcp dport 22 drop")
    )
    answer = site.run("order", "activate", site.write(), project=bad, **SOON)
    assert answer.code != 0
    assert eventually(lambda: site.latest()["state"] == "went back", SETTLED), site.latest()
    assert site.helper()["pending"] == ""
    assert site.run("device", "facts", site.serial).code == 0


# --- killed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["apply", "prove", "confirm"])
def test_proviso_killed_leaves_the_router_as_before_or_as_ordered_and_a_run_that_says_which(
    sites: Callable[[], Site], stage: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = sites()
    killed_at(site, stage, site.write(), AFTER_A_PROOF if stage == "confirm" else SOON)
    first = site.latest()
    assert first["state"] in ("interrupted", "went back", "failed", "proven")
    assert eventually(lambda: site.latest()["state"] != "interrupted", SETTLED)
    assert eventually(lambda: site.helper()["pending"] == "", SETTLED)
    run = site.latest()
    live = site.helper()["live"]
    assert (run["state"], live) in (("proven", run["after"]), ("went back", run["before"]), ("failed", run["before"]))
    if stage == "prove":
        assert site.activate().code == 0


# --- cut off -------------------------------------------------------------------------------------------------------


def started(site: Site, form: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        site.command("order", "activate", form, "--json"),
        env=site.lab.proviso.environment(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_line_that_is_cut_silently_during_an_apply_goes_back_and_works_after_it_is_healed(site: Site) -> None:
    form = site.write()
    with started(site, form, **SOON) as process:
        assert eventually(lambda: site.helper().get("pending", "") != "", 60)
        assert site.lab.proviso("lab", "cut", site.cpe).code == 0
        process.communicate(timeout=300)
    assert process.returncode != 0
    assert site.lab.proviso("lab", "heal", site.cpe).code == 0
    assert eventually(lambda: site.helper()["pending"] == "", SETTLED)
    # A factory-new router asks for its address again when its DHCP client sees fit (RFC 2131, 4.1).
    assert eventually(lambda: site.latest()["state"] == "went back", SETTLED), site.latest()
    assert site.run("device", "facts", site.serial).code == 0


def test_a_router_that_loses_power_while_its_change_is_pending_goes_back_to_what_was_confirmed(site: Site) -> None:
    form = site.write()
    with started(site, form) as process:
        assert eventually(lambda: site.helper().get("settled") == "yes" and site.helper()["pending"] != "", 60)
        assert site.lab.proviso("lab", "restart", site.cpe).code == 0
        process.communicate(timeout=300)
    assert process.returncode != 0
    assert site.helper()["pending"] == ""
    assert site.latest()["state"] in ("went back", "failed")
    assert site.activate("--json").code == 0
    confirmed = site.helper()["confirmed"]
    assert site.lab.proviso("lab", "restart", site.cpe).code == 0
    assert eventually(lambda: site.serves(), 30)
    assert site.helper()["live"] == confirmed


def test_a_full_disk_on_the_router_changes_nothing(site: Site) -> None:
    full = "mkdir -p /var/tmp; head -c 64M /dev/zero > /var/tmp/full; true"
    assert site.run("device", "bootstrap", site.serial).code == 0
    assert site.lab.within(site.cpe, "sh", "-c", full).code == 0
    answer = site.activate()
    assert answer.code == 1
    assert "room" in answer.stderr
    assert site.helper()["pending"] == ""
    assert site.latest()["state"] == "failed"


def test_of_two_at_one_router_one_runs_and_one_is_told(site: Site) -> None:
    form = site.write()
    with started(site, form) as first:
        assert eventually(lambda: any((site.lab.proviso.state / "locks").glob(f"{site.serial}.lock")), 30)
        second = site.activate("--json")
        output, complaints = first.communicate(timeout=300)
    assert {first.returncode, second.code} == {0, 1}, complaints + second.stderr
    assert "another run is changing" in (second.stdout + second.stderr if second.code else output + complaints)
    (won,) = json.loads(output if second.code else second.stdout)["orders"]
    assert won["run"]["state"] == "proven"
    assert won["run"]["after"] == site.helper()["confirmed"] == site.helper()["live"]
