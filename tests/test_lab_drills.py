"""Drills in the lab, with real packets, BGP and BFD: every kind of cut, and whatever ends a drill before its time.

However a drill ends, the line is back on its fixed bearer within the router's own timer.
"""

import json
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from labs import eventually, eventually_said, lab_up, needs_lab
from sites import Site, sites_of
from together import Together
from watchers import Watcher, following
from worlds import PROVISO, ROOT, SOAK

pytestmark = needs_lab

JOBS = 2
"""Lines at a time: most of each is waiting, and streams take what there is of a small machine."""

DOWN = 60.0
"""Seconds until a line without any bearer is known to be down: a quarter of them are the aim, on a quiet machine."""

HOLD = 8
NOW = ("--now", "--reason", "a test")
BACK = 90.0
"""Seconds in which a line is back whose drill nobody ended: 10 of the cut, 30 of the router's own timer, the hold."""

ALWAYS = ("back-on-fixed", "hold", "lost-at-return", "over-mobile", "voice-rule", "flaps")
FULL = (*ALWAYS, "voice-off", "reachable", "address", "sessions")


@dataclass(frozen=True)
class Expected:
    """What a kind of cut has to come to.

    Attributes:
        seconds: how long it is cut; the whole of the acceptance is tried over mobile where there is time for it.
        met: figures that must be met; how long the gap was is for the bench to say, on a quiet machine.
        more: options.
    """

    seconds: int
    met: tuple[str, ...]
    more: tuple[str, ...] = field(default=())


KINDS = {
    "link-down": Expected(40, FULL),
    "silent": Expected(50, FULL),
    "one-way": Expected(12, ALWAYS, ("--bounce",)),
    "loss": Expected(20, ("back-on-fixed", "lost-at-return", "voice-rule")),
    "flapping": Expected(14, ("back-on-fixed", "voice-rule", "over-mobile")),
}
"""By chance, a bearer that loses a part may be left and taken again, or never be left."""


def project(folder: Path) -> Path:
    """Return a copy of the shipped project with a short hold."""
    for part in ("inventory", "templates", "playbooks"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "nornir.yaml", folder)
    operator = folder / "inventory" / "operator.yaml"
    operator.write_text(operator.read_text("utf-8").replace("seconds: 60}", f"seconds: {HOLD}}}"), "utf-8")
    return folder


class Drilled:
    """A line with a mobile back-up, in service at a customer of the lab."""

    def __init__(self, site: Site, project: Path) -> None:
        self.site, self.project = site, project
        form = site.write(
            formula="internet-pro-plus",
            options={"mobile_backup": True, "ip_pack": {"addresses": 4}},
            lan={"subnet": f"192.168.{site.number}.0/24", "customer_firewall": True},
        )
        answer = site.run("order", "activate", form, "--json", project=project)
        assert answer.code == 0, answer.stdout + answer.stderr
        (done,) = answer.json["orders"]
        self.line = str(done["line"])

    def run(self, *arguments: str) -> Any:
        return self.site.run(*arguments, project=self.project)

    def drill(self, *arguments: str) -> Any:
        """Drill it; return the drill, as `--json` tells it."""
        answer = self.run("failover", "drill", self.line, *NOW, *arguments, "--json")
        assert answer.code in (0, 1), answer.stderr
        (done,) = answer.json["drills"]
        assert done["drill"] is not None, done
        return done["drill"]

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Begin a drill in a process of its own, and come back when it looks at the line over mobile."""
        command = self.site.command("failover", "drill", self.line, *NOW, *arguments, project=self.project)
        process = subprocess.Popen(
            command,
            env=self.site.lab.proviso.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        said = b""
        while b"over mobile" not in said:
            line = process.stderr.readline()
            assert line, said.decode()
            said += line
        return process

    @contextmanager
    def watched(self) -> Iterator[Watcher]:
        """Watch the line while the block lasts."""
        process = subprocess.Popen(
            self.site.command("failover", "watch", self.line, "--json", project=self.project),
            env=self.site.lab.proviso.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with following(process) as watcher:
            yield watcher

    def ready(self) -> bool:
        """Whether the line is on its fixed bearer, trusted, and nothing of a drill is left."""
        return bool(self.run("failover", "check", self.line, "--json").code == 0)

    def findings(self) -> dict[str, Any]:
        """What `failover check` finds, by code."""
        (looked,) = self.run("failover", "check", self.line, "--json").json["lines"]
        return {each["code"]: each for each in looked["findings"]}

    def in_the_way(self) -> list[str]:
        """The gates that are not good."""
        return [
            code for code, each in self.findings().items() if each["weight"] == "gate" and each["standing"] != "good"
        ]

    def is_back(self) -> None:
        assert eventually_said(self.ready, BACK), self.run("failover", "check", self.line).stdout
        assert self.site.serves()

    def latest(self) -> Any:
        return self.run("failover", "list", self.line, "--json").json["drills"][0]


# --- every kind of cut ----------------------------------------------------------------------------------------------


def a_line_is_drilled(line: Drilled, kind: str, expected: Expected) -> None:
    assert eventually_said(line.ready, BACK), line.run("failover", "check", line.line).stdout
    drill = line.drill("--cut", kind, "--for", f"{expected.seconds}s", *expected.more)
    assert drill["state"] in ("passed", "failed"), drill["reason"]
    figures = {each["key"]: each for each in drill["result"]["figures"]}
    missed = {key: figures[key] for key in expected.met if figures[key]["outcome"] != "met"}
    assert not missed, (kind, missed, drill["result"]["events"])
    assert figures["voice-off"]["outcome"] != "missed"
    assert {each["family"] for each in drill["result"]["streams"]} == {4, 6}
    line.is_back()


# --- what would not move --------------------------------------------------------------------------------------------


def what_runs_is_asked_and_not_what_is_planned(line: Drilled) -> None:
    assert eventually_said(line.ready, BACK), line.run("failover", "check", line.line).stdout
    fixed = f"{line.site.address()}/32"
    bgp = ("vtysh", "-c", "configure terminal", "-c", "router bgp 64511", "-c", "address-family ipv4 unicast")
    assert line.site.lab.within(line.site.cpe, *bgp, "-c", f"no network {fixed}").code == 0
    assert eventually_said(lambda: line.in_the_way() == ["announced-fixed", "announced-mobile"], BACK), (
        line.in_the_way()
    )
    # Its file is as it was planned, so that nobody who reads it would know.
    finding = line.findings()["announced-mobile"]
    assert finding["reason"] == f"the router does not announce {line.site.address()} there"
    assert line.findings()["addresses-move"]["standing"] == "good"
    refused = line.run("failover", "drill", line.line, *NOW, "--json")
    assert refused.code == 1 and "not-ready" in refused.stdout
    assert line.site.lab.within(line.site.cpe, *bgp, "-c", f"network {fixed}").code == 0
    assert line.site.lab.within(line.site.cpe, *bgp, "-c", "neighbor 100.96.0.1 default-originate").code == 0
    assert eventually_said(lambda: line.findings()["announced-else"]["standing"] == "bad", BACK)
    assert "0.0.0.0/0 on mobile" in line.findings()["announced-else"]["reason"]
    assert eventually_said(line.ready, BACK), line.in_the_way()
    assert line.site.lab.within(line.site.cpe, *bgp, "-c", "no neighbor 100.96.0.1 default-originate").code == 0
    assert eventually_said(lambda: line.findings()["announced-else"]["standing"] == "good", BACK)
    line.is_back()


# --- whatever ends it before its time -------------------------------------------------------------------------------


def a_drill_whose_process_is_killed_heals_by_itself(line: Drilled) -> None:
    process = line.begin("--for", "12s")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    # Whoever comes by settles it, when the router's own timer has run out.
    assert eventually_said(lambda: bool(line.latest()["state"] == "interrupted"), BACK)
    line.is_back()


def a_router_that_loses_its_power_forgets_its_cut(line: Drilled) -> None:
    process = line.begin("--for", "60s")
    assert line.site.lab.proviso("lab", "restart", line.site.cpe).code == 0
    process.communicate(timeout=180)
    line.is_back()
    assert line.latest()["state"] in ("failed", "interrupted")


def a_router_that_nobody_reaches_heals_by_itself(line: Drilled) -> None:
    process = line.begin("--for", "12s")
    ways = "nft 'table inet m { chain c { type filter hook forward priority 0; iifname noc ip daddr %s drop; }; }'"
    management = network(line)["management"]
    assert line.site.lab.within("bng", "sh", "-c", ways % management).code == 0
    try:
        helper = ("/usr/local/sbin/proviso-helper", "bearers")
        assert eventually(lambda: "in-use 4 fixed" in line.site.lab.within(line.site.cpe, *helper).stdout, BACK)
    finally:
        assert line.site.lab.within("bng", "nft", "delete", "table", "inet", "m").code == 0
    process.communicate(timeout=180)
    line.is_back()


def a_line_with_both_bearers_dead_comes_back_with_either(line: Drilled) -> None:
    lab, cpe, address = line.site.lab, line.site.cpe, line.site.address()
    with line.watched() as watcher:
        watcher.until("on-fixed")
        dies(line, watcher, "fixed", "mobile")
        assert lab.proviso("lab", "heal", cpe, "--bearer", "mobile").code == 0
        assert eventually(lambda: lab.pings("internet", address), BACK)
        watcher.until("on-mobile")
        watcher.until_open(*(("P2",) if SOAK else ("P1", "P2")), seconds=BACK)
        assert lab.proviso("lab", "heal", cpe).code == 0
        watcher.until_open(seconds=BACK)
        line.is_back()
    # Watched, a mobile bearer that was dead costs a minute more: so long its incident stays open.
    with line.watched() if SOAK else nullcontext() as other:
        dies(line, other, "mobile", "fixed")
        assert lab.proviso("lab", "heal", cpe).code == 0
        # There is nothing better: held or not, it is used at once.
        assert eventually(lambda: lab.pings("internet", address), BACK)
        if other is not None:
            other.until_open("P3", seconds=BACK)
        assert lab.proviso("lab", "heal", cpe, "--bearer", "mobile").code == 0
        if other is not None:
            other.until_open(seconds=2 * BACK)
    line.is_back()


def dies(line: Drilled, watcher: Watcher | None, *bearers: str) -> None:
    """Cut both bearers of a line, one after the other; where somebody watches, wait until that is a P1."""
    for bearer in bearers:
        assert line.site.lab.proviso("lab", "cut", line.site.cpe, "--bearer", bearer).code == 0
    if watcher is not None:
        watcher.until_that(lambda _: "P1" in watcher.open.values(), "P1", DOWN)
    assert line.site.lab.drops("internet", line.site.address())


def network(line: Drilled) -> Any:
    """Return what was exported of the line for others."""
    for path in (line.site.lab.proviso.state / "network").iterdir():
        told = json.loads(path.read_text())
        if told["line"] == line.line:
            return told
    raise AssertionError(line.line)


CASES: dict[str, Callable[[Drilled], None]] = {
    **{kind: partial(a_line_is_drilled, kind=kind, expected=expected) for kind, expected in KINDS.items()},
    **{
        each.__name__: each
        for each in (
            what_runs_is_asked_and_not_what_is_planned,
            a_drill_whose_process_is_killed_heals_by_itself,
            a_router_that_loses_its_power_forgets_its_cut,
            a_router_that_nobody_reaches_heals_by_itself,
            a_line_with_both_bearers_dead_comes_back_with_either,
        )
    },
}


USUAL = (
    "link-down",
    "one-way",
    "what_runs_is_asked_and_not_what_is_planned",
    "a_drill_whose_process_is_killed_heals_by_itself",
    "a_line_with_both_bearers_dead_comes_back_with_either",
)
"""What is tried every time; the others, which the simulator's lines go through as well, under PROVISO_SOAK=1."""


def test_lines_are_drilled_in_every_way_and_always_come_back(tmp_path: Path) -> None:
    assert PROVISO.exists()
    cases = {name: case for name, case in CASES.items() if name in USUAL or SOAK}
    with lab_up(tmp_path / "state", cpes=len(cases)) as lab, sites_of(lab, tmp_path) as another:
        own = project(tmp_path / "project")

        def done(case: Callable[[Drilled], None]) -> None:
            case(Drilled(another(), own))

        Together(JOBS)({name: partial(done, case) for name, case in cases.items()})
