"""Runs in the lab that were killed and are carried on, and what a line goes through later: changed, ceased."""

from functools import partial
from pathlib import Path

from lab_requests import ports_are_opened_and_closed_on_request
from labs import eventually, eventually_said, lab_up, needs_lab
from sites import AFTER_A_PROOF, SETTLED, SOON, Site, killed_at, sites_of
from together import Case, Together
from worlds import SOAK

pytestmark = needs_lab

JOBS = 4
"""Customers at a time: most of each is waiting."""


# --- killed and carried on -----------------------------------------------------------------------------------------


def left(site: Site) -> bool:
    """Return whether nobody carries out the latest run of a router; a killed `lab run` takes a moment to end it."""
    run = site.latest()
    return run["left"] is True and run["state"] == "running"


def a_killed_run_is_carried_on_to_a_line_that_is_proven(site: Site, stage: str) -> None:
    killed_at(site, stage, site.write(), {})
    assert eventually_said(lambda: left(site)), site.latest()
    answer = site.run("run", "resume", site.latest()["id"], "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    run = site.latest()
    (change,) = run["changes"]
    assert (run["state"], run["left"], run["proven"]) == ("proven", False, True)
    assert site.helper()["confirmed"] == site.helper()["live"] == change["after"]
    assert site.helper()["pending"] == ""
    refused = site.run("run", "resume", run["id"])
    assert (refused.code, "it has ended: proven" in refused.stderr) == (1, True)


def a_run_that_is_carried_on_too_late_leaves_the_router_as_before_or_as_ordered(site: Site, stage: str) -> None:
    killed_at(site, stage, site.write(), AFTER_A_PROOF if stage == "confirm" else SOON)
    assert eventually_said(lambda: left(site)), site.latest()
    assert eventually(lambda: site.helper()["pending"] == "", SETTLED)
    answer = site.run("run", "resume", site.latest()["id"], "--json")
    assert answer.code in (0, 1), answer.stderr + answer.stdout
    run, live = site.latest(), site.helper()["live"]
    (change,) = run["changes"]
    assert not run["left"]
    ends = (("proven", change["after"]), ("went back", change["before"]), ("failed", change["before"]))
    assert (run["state"], live) in ends
    assert run["proven"] is True or run["state"] != "proven"
    if stage == "prove":
        assert site.activate().code == 0


# --- changed, ceased -----------------------------------------------------------------------------------------------


def a_line_is_changed_under_the_timer_and_ceased_down_to_its_router(site: Site) -> None:
    first = site.activate("--json")
    assert first.code == 0, first.stderr + first.stdout
    (answer,) = first.json["orders"]
    line = answer["line"]
    change = site.amend("change", line, wifi={"enabled": False})
    changed = site.run("order", "activate", change, "--json")
    assert changed.code == 0, changed.stderr
    run = changed.json["orders"][0]["run"]
    assert run["state"] == "proven"
    assert "hostapd.conf" in [each["document"] for each in run["changes"][0]["differences"]]

    ceased = site.run("order", "activate", site.amend("cease", line), "--json")
    assert ceased.code == 0, ceased.stderr + ceased.stdout
    run = ceased.json["orders"][0]["run"]
    assert (run["kind"], run["state"]) == ("cease", "ceased")
    assert site.run("line", "show", line, "--json").json["line"]["state"] == "ceased"
    assert not (site.lab.proviso.state / "network" / f"{line}.json").exists()
    # It is reached where a factory-new one is, and serves whoever gets it next.
    assert site.run("device", "facts", site.serial).code == 0
    assert site.lab.within(site.cpe, "test", "-e", "/etc/hostapd/hostapd.conf").code != 0
    again = site.run("order", "activate", site.amend("cease", line), "--json")
    assert again.code == 0
    assert again.json["orders"][0]["run"]["id"] == run["id"]


# --- side by side ---------------------------------------------------------------------------------------------------

KILLED = ("apply", "confirm") if not SOAK else ("reach", "apply", "prove", "confirm")
"""In the other stages nothing of a real router is in between: the simulator's kill tests are enough."""

TOO_LATE = ("prove", "confirm", "apply")


def test_what_was_killed_is_carried_on_and_a_line_is_changed_and_ceased(tmp_path: Path) -> None:
    number = len(TOO_LATE) + len(KILLED) + 2
    with lab_up(tmp_path / "state", number) as lab, sites_of(lab, tmp_path) as another:
        cases: dict[str, Case] = {"ports on request": partial(ports_are_opened_and_closed_on_request, another())}
        cases |= {
            f"too late {stage}": partial(
                a_run_that_is_carried_on_too_late_leaves_the_router_as_before_or_as_ordered, another(), stage
            )
            for stage in TOO_LATE
        }
        cases["changed, ceased"] = partial(a_line_is_changed_under_the_timer_and_ceased_down_to_its_router, another())
        for stage in KILLED:
            cases[f"killed {stage}"] = partial(a_killed_run_is_carried_on_to_a_line_that_is_proven, another(), stage)
        Together(JOBS)(cases)
        assert another().run("run", "resume").stdout == "Nothing is left to be carried on.\n"
