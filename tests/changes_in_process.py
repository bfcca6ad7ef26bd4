"""Change requests carried out in this process, on simulated devices, with a clock that tests can move."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from fibre_lines import Fibre
from worlds import ROOT

from provisioning.model.audit import Actor
from provisioning.model.run import RunStage
from provisioning.secrets.environment import EnvironmentSecrets
from provisioning.settings import load_settings
from provisioning.store.engine import Store
from provisioning.workflows.executor import executor
from provisioning.workflows.run_change import RanChange
from provisioning.workflows.run_changes import Chosen, choose_changes, run_in_order
from provisioning.workflows.surroundings import Access, Backups, Changes, Surroundings

Told = Callable[[str, str], None]
"""Told the stage and what is being done."""


@dataclass
class World:
    """A world of simulated devices, and a clock that says what it is told to say."""

    fibre: Fibre
    around: Surroundings
    told: list[str] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def choose(self, *names: str, at_once: bool = False) -> Chosen:
        return choose_changes(names, self.around, at_once=at_once)

    def run(self, *names: str, because: str = "", meanwhile: Told | None = None) -> list[RanChange]:
        """Carry out what is due, or what is named; `meanwhile` is called at each thing that is told."""
        return self.carry_out(self.choose(*names, at_once=bool(because)), because, meanwhile)

    def carry_out(self, chosen: Chosen, because: str = "", meanwhile: Told | None = None) -> list[RanChange]:
        def tell(stage: RunStage, text: str) -> None:
            self.told.append(f"{stage.value}: {text}")
            if meanwhile is not None:
                meanwhile(stage.value, text)

        with executor(self.around, lambda run: tell) as up:
            answers = [
                run_in_order(each, up, lambda name: tell, self.stop, now_because=because) for each in chosen.lines
            ]
        return [each for some in answers for each in some]


@dataclass
class MovedClock:
    """The clock of the simulated world; a test may have it stand still, or jump."""

    tell: Callable[[], datetime]

    def now(self) -> datetime:
        return self.tell()


@contextmanager
def in_process(fibre: Fibre, clock: Callable[[], datetime] | None = None) -> Iterator[World]:
    """Yield the world with all that a workflow needs.

    Args:
        clock: tells the time; the world's own where there is none.
    """
    given = fibre.environment
    found = load_settings(project=ROOT, state=fibre.state, environment=given, current=ROOT)
    moved = MovedClock(clock or fibre.up.clock)
    store = Store.open(found.state, now=moved.now(), lock_timeout=30)
    around = Surroundings(
        project=found.project.root,
        state=found.state,
        pools_file=found.pools_file,
        inventory=found.inventory,
        quarantine_days=found.quarantine_days,
        store=store,
        clock=moved,
        secrets=EnvironmentSecrets(given),
        access=Access(
            key_file=found.ssh_key_file,
            known_hosts=found.known_hosts_file,
            staging_host=found.staging_host,
            revert_seconds=found.revert_seconds,
            proxy=found.socks_proxy,
            ont_up_seconds=found.ont_up_seconds,
            router_up_seconds=found.router_up_seconds,
        ),
        backups=Backups(found.backups),
        changes=Changes(found.allowed_signers_file),
        actor=Actor("somebody", "here"),
    )
    try:
        yield World(fibre, around)
    finally:
        store.close()
