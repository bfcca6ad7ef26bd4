"""Activation in the lab, from the command line: proven, repeated, refused, cut off.

After each, the line works as before or as ordered, and `run show` says which.
"""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from canaries import disguises
from labs import eventually, eventually_said, lab_up, needs_lab
from sites import SETTLED, SOON, Site, sites_of, started
from together import Together
from worlds import PROVISO, ROOT, Answer

pytestmark = needs_lab

JOBS = 4
"""Customers at a time: most of each is waiting."""


# --- as it should be ------------------------------------------------------------------------------------------------


def a_line_is_activated_proven_and_keeps_what_the_customer_changes(site: Site) -> None:
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


def a_line_whose_router_is_the_customers_own_is_put_on_record_and_looked_at(site: Site) -> None:
    order = ROOT / "examples" / "orders" / "internet-pro-plus-essential.yaml"
    lab = site.lab
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


def project_with(folder: Path, document: str, change: Callable[[str], str], platform: str = "linux_cpe") -> Path:
    """Return a copy of the shipped project with one template changed."""
    for part in ("inventory", "templates", "examples", "playbooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nornir.yaml", folder)
    path = folder / "templates" / platform / f"{document}.j2"
    text = change(path.read_text("utf-8"))
    assert text != path.read_text("utf-8")
    path.write_text(text, "utf-8")
    return folder


def a_document_that_its_daemon_refuses_changes_nothing(site: Site) -> None:
    bad = project_with(site.folder / site.serial, "dnsmasq.conf", lambda text: text + "no-such-option=1\n")
    answer = site.run("order", "activate", site.write(), project=bad)
    assert answer.code == 1
    assert "dnsmasq" in answer.stderr
    assert site.latest()["state"] == "failed"
    assert site.helper()["pending"] == ""


def a_configuration_that_locks_us_out_goes_back_by_itself(site: Site) -> None:
    bad = project_with(
        site.folder / site.serial,
        "nftables.conf",
        lambda text: text.replace("tcp dport 22 accept", "tcp dport 22 drop"),
    )
    answer = site.run("order", "activate", site.write(), project=bad, **SOON)
    assert answer.code != 0
    assert eventually_said(lambda: site.resumed()["state"] == "went back", SETTLED), site.latest()
    assert site.helper()["pending"] == ""
    assert site.run("device", "facts", site.serial).code == 0


# --- cut off -------------------------------------------------------------------------------------------------------


def a_line_that_is_cut_silently_during_an_apply_goes_back_and_works_after_it_is_healed(site: Site) -> None:
    form = site.write()
    with started(site, form, **SOON) as process:
        assert eventually(lambda: site.helper().get("pending", "") != "", SETTLED)
        site.ask_lab("cut")
        process.communicate(timeout=300)
    assert process.returncode != 0
    assert site.lab.proviso("lab", "heal", site.cpe).code == 0
    assert eventually(lambda: site.helper()["pending"] == "", SETTLED)
    # A factory-new router asks for its address again when its DHCP client sees fit (RFC 2131, 4.1).
    assert eventually_said(lambda: site.resumed()["state"] == "went back", SETTLED), site.latest()
    assert site.run("device", "facts", site.serial).code == 0


def a_router_that_loses_power_while_its_change_is_pending_goes_back_to_what_was_confirmed(site: Site) -> None:
    form = site.write()
    with started(site, form) as process:
        assert eventually(lambda: site.helper().get("settled") == "yes" and site.helper()["pending"] != "", SETTLED)
        site.ask_lab("restart")
        process.communicate(timeout=300)
    assert process.returncode != 0
    assert site.helper()["pending"] == ""
    assert site.resumed()["state"] in ("went back", "failed")
    assert site.activate("--json").code == 0
    confirmed = site.helper()["confirmed"]
    assert site.lab.proviso("lab", "restart", site.cpe).code == 0
    assert eventually(lambda: site.serves())
    assert site.helper()["live"] == confirmed


def a_full_disk_on_the_router_changes_nothing(site: Site) -> None:
    full = "mkdir -p /var/tmp; head -c 64M /dev/zero > /var/tmp/full; true"
    assert site.run("device", "bootstrap", site.serial).code == 0
    assert site.lab.within(site.cpe, "sh", "-c", full).code == 0
    answer = site.activate()
    assert answer.code == 1
    assert "room" in answer.stderr
    assert site.helper()["pending"] == ""
    assert site.latest()["state"] == "failed"


def of_two_at_one_router_one_runs_and_one_is_told(site: Site) -> None:
    form = site.write()
    with started(site, form) as first:
        assert eventually_said(site.under_way, SETTLED)
        second = site.activate("--json")
        output, complaints = first.communicate(timeout=300)
    assert {first.returncode, second.code} == {0, 1}, complaints + second.stderr
    assert "another run is changing" in (second.stdout + second.stderr if second.code else output + complaints)
    (won,) = json.loads(output if second.code else second.stdout)["orders"]
    assert won["run"]["state"] == "proven"
    (change,) = won["run"]["changes"]
    assert change["after"] == site.helper()["confirmed"] == site.helper()["live"]


# --- side by side ---------------------------------------------------------------------------------------------------

CASES: tuple[Callable[[Site], None], ...] = (
    a_line_that_is_cut_silently_during_an_apply_goes_back_and_works_after_it_is_healed,
    a_line_is_activated_proven_and_keeps_what_the_customer_changes,
    a_line_whose_router_is_the_customers_own_is_put_on_record_and_looked_at,
    a_document_that_its_daemon_refuses_changes_nothing,
    a_configuration_that_locks_us_out_goes_back_by_itself,
    a_router_that_loses_power_while_its_change_is_pending_goes_back_to_what_was_confirmed,
    a_full_disk_on_the_router_changes_nothing,
    of_two_at_one_router_one_runs_and_one_is_told,
)
"""Those that take longest first."""


def test_whatever_happens_a_line_works_as_before_or_as_ordered(tmp_path: Path) -> None:
    with lab_up(tmp_path / "state", len(CASES)) as lab, sites_of(lab, tmp_path) as another:
        Together(JOBS)({each.__name__: partial(each, another()) for each in CASES})
