"""A router with IOS-XE through NAPALM, on the simulated one: its clock, its faults, its own reading of the lines."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from iosxe_routers import SERIAL, Bench, bench

from provisioning.devices.cisco_iosxe import CiscoIosxe
from provisioning.devices.iosxe_bootstrap import bootstrap
from provisioning.devices.iosxe_connection import IosxeDriver
from provisioning.errors import AnswerNotUnderstood, DeviceRefused, DeviceUnreachable, ScopeBusy
from provisioning.model.change import Change
from provisioning.model.config import Config, Document, SecretDocument
from provisioning.model.secret import Secret
from provisioning.platforms.cisco_iosxe.digest import config_digest
from provisioning.stands.simulator.cisco_iosxe.archive import Pending
from provisioning.stands.simulator.faults import Faults

PATCH = "interface Loopback0\n description management\n ip address 10.255.0.21 255.255.255.255\n"
"""As the router shows it, so that it is the end of what is wanted as well."""

Open = Callable[[], IosxeDriver]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, bootstrapped=False) as made:
        yield made


@pytest.fixture
def opened(made: Bench) -> Iterator[Open]:
    with made.command_lines() as opened:
        yield opened


@pytest.fixture
def router(opened: Open) -> CiscoIosxe:
    driver = opened()
    assert bootstrap(driver, serial=SERIAL, host_key="a key").done
    return CiscoIosxe(driver, SERIAL)


def change(router: CiscoIosxe, patch: str = PATCH) -> Change:
    """Return the change that adds lines to what is in force."""
    running = router.fetch()
    text = running.documents["running-config"].removesuffix("end\n") + PATCH + "end\n"
    config = Config("cisco_iosxe", (Document("running-config", "running-config", 0o600, text),))
    return Change(
        device=SERIAL,
        platform="cisco_iosxe",
        scope="router",
        base=running.digest,
        wanted=config_digest(config),
        config=config,
        differences=(),
        commands=(),
        rollback=(),
        patch=SecretDocument("patch", "patch", 0o600, "", Secret(patch)),
    )


def test_facts(router: CiscoIosxe) -> None:
    facts = router.facts()
    assert (facts.serial, facts.hostname, facts.versions) == (SERIAL, "Router", {"ios-xe": "17.9.4a"})
    assert facts.addresses


def test_bootstrap_a_second_time_finds_nothing_to_do(router: CiscoIosxe, opened: Open, made: Bench) -> None:
    ready = bootstrap(opened(), serial=SERIAL, host_key="a key")
    assert (ready.serial, ready.done) == (SERIAL, ())
    assert made.simulated.do(lambda: made.router.device.is_saved)


def test_a_change_is_kept_over_a_loss_of_power(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    wanted = change(router)
    router.apply(wanted, seconds=300)
    status = router.status()
    assert (status.live, status.pending, status.confirmed) == (wanted.wanted, wanted.wanted, wanted.base)
    router.confirm(wanted.wanted)
    made.simulated.do(made.router.reload)
    status = CiscoIosxe(opened(), SERIAL).status()
    assert (status.live, status.pending, status.confirmed) == (wanted.wanted, "", wanted.wanted)
    assert not _files(made)


def test_a_change_that_nobody_confirms_goes_back(router: CiscoIosxe, made: Bench) -> None:
    wanted = change(router)
    router.apply(wanted, seconds=60)
    made.clock.passes(59)
    assert router.status().pending == wanted.wanted
    made.clock.passes(2)
    status = router.status()
    assert (status.live, status.pending) == (wanted.base, "")
    with pytest.raises(DeviceRefused, match="gone back"):
        router.confirm(wanted.wanted)
    router.abandon()
    assert not _files(made)


def test_a_change_is_abandoned(router: CiscoIosxe, made: Bench) -> None:
    wanted = change(router)
    router.apply(wanted, seconds=300)
    router.abandon()
    assert router.status().live == router.status().confirmed == wanted.base
    assert not _files(made)


def test_a_loss_of_power_goes_back(router: CiscoIosxe, made: Bench, opened: Open) -> None:
    wanted = change(router)
    router.apply(wanted, seconds=300)
    made.simulated.do(made.router.reload)
    status = CiscoIosxe(opened(), SERIAL).status()
    assert (status.live, status.pending, status.confirmed) == (wanted.base, "", wanted.base)


def test_a_line_that_it_does_not_know_is_told_in_its_words(router: CiscoIosxe, made: Bench) -> None:
    wanted = change(router, f"{PATCH}line foo bar\n")
    with pytest.raises(DeviceRefused, match=r"it refuses `line foo bar`: Invalid input detected"):
        router.apply(wanted, seconds=300)
    assert router.status().live == wanted.base
    assert not _files(made)


def test_a_line_that_a_fault_refuses_is_told(router: CiscoIosxe, made: Bench) -> None:
    wanted = change(router)
    made.fault(Faults(reject=("description",)))
    with pytest.raises(DeviceRefused, match="it refuses `description management`"):
        router.apply(wanted, seconds=300)
    assert router.status().live == wanted.base


@pytest.mark.parametrize("count", range(0, 24, 3))
def test_a_connection_that_is_lost_anywhere_leaves_nothing_half_done(
    router: CiscoIosxe, made: Bench, opened: Open, count: int
) -> None:
    wanted = change(router)
    driver = opened()
    made.fault(Faults(drop_after=count))
    try:
        CiscoIosxe(driver, SERIAL).apply(wanted, seconds=300)
    except DeviceUnreachable:
        pass
    finally:
        made.fault(Faults())
    again = CiscoIosxe(opened(), SERIAL)
    status = again.status()
    assert status.live in (wanted.base, wanted.wanted)
    again.apply(wanted, seconds=300)
    assert again.status().pending == wanted.wanted
    again.confirm(wanted.wanted)
    assert again.status().confirmed == wanted.wanted
    assert not _files(made)


def test_an_answer_that_is_cut_is_no_configuration(router: CiscoIosxe, made: Bench) -> None:
    made.fault(Faults(truncate=700))
    with pytest.raises((AnswerNotUnderstood, DeviceUnreachable)):
        router.fetch()


def test_somebody_elses_timer(router: CiscoIosxe, made: Bench) -> None:
    wanted = change(router)
    pending = Pending("amara", 5, idle=False, configured=made.clock.now(), backup="flash:proviso-archive-1")
    made.simulated.do(lambda: setattr(made.router.device.rollback, "pending", pending))
    with pytest.raises(ScopeBusy, match="amara"):
        router.apply(wanted, seconds=300)


def _files(made: Bench) -> set[str]:
    """Return the files of ours on its flash memory; those of its archive are its own."""
    names = made.simulated.do(lambda: set(made.router.device.flash.files))
    return {each for each in names if "archive" not in each}
