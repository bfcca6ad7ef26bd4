"""Schedules: units that systemd takes, lines that cron's shell takes, put in place once and taken away whole."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import Command

from provisioning.errors import EnvironmentTrouble, Refused
from provisioning.schedules.crontab import cron_lines, with_lines, without_lines
from provisioning.schedules.install import Machine, install, remove
from provisioning.schedules.schedule import Daily, EveryMinutes, Schedule, Scope
from provisioning.schedules.units import service_unit, timer_unit

ANALYZE = shutil.which("systemd-analyze")
EVERY_MINUTE = EveryMinutes(1)
HOSTILE = ("a b", 'quo"te', "apo'strophe", "back\\slash", "100% %n", "$HOME $$ ${X}", "`date`", "; true", "é")


def schedule(*arguments: str, when: EveryMinutes | Daily = EVERY_MINUTE, program: str = "/bin/true") -> Schedule:
    return Schedule(
        "resume",
        "takes up runs: 100 %",
        (program, *arguments),
        when,
        (Path("/var/tmp"),),
        Path("/etc/proviso environment"),
    )


# --- systemd -------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed: systemd")
@pytest.mark.parametrize("user", ["root", None])
@pytest.mark.parametrize("when", [EveryMinutes(1), EveryMinutes(30), Daily(2, 5), Daily(23, 59, 600)], ids=str)
def test_systemd_takes_the_units_without_a_word(tmp_path: Path, user: str | None, when: EveryMinutes | Daily) -> None:
    made = schedule(*HOSTILE, when=when)
    (tmp_path / "proviso-resume.service").write_text(service_unit(made, user=user))
    (tmp_path / "proviso-resume.timer").write_text(timer_unit(made))
    scope = () if user else ("--user",)
    checked = subprocess.run(
        [str(ANALYZE), *scope, "verify", "--man=no", *map(str, tmp_path.iterdir())],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    ours = [line for line in checked.stderr.splitlines() if "proviso-resume" in line]
    assert (checked.returncode, ours) == (0, []), checked.stderr


def test_nothing_in_an_argument_is_expanded() -> None:
    (line,) = (each for each in service_unit(schedule(*HOSTILE), user=None).splitlines() if "ExecStart" in each)
    assert '"100%% %%n"' in line
    assert '"$$HOME $$$$ $${X}"' in line
    assert '"quo\\"te"' in line and '"back\\\\slash"' in line


@pytest.mark.parametrize("wrong", ["two\nlines", "bell\x07", "\u2028"])
def test_a_line_break_never_begins_another_line_of_a_unit(wrong: str) -> None:
    with pytest.raises(ValueError, match="another line"):
        schedule(wrong)


def test_what_makes_no_sense_is_refused() -> None:
    for minutes in (0, 7, 45, 60):
        with pytest.raises(ValueError, match="divide"):
            EveryMinutes(minutes)
    with pytest.raises(ValueError, match="time of day"):
        Daily(24, 0)
    with pytest.raises(ValueError, match="absolute"):
        schedule(program="proviso")


# --- cron ----------------------------------------------------------------------------------------------------------


def test_crons_shell_gives_the_program_its_arguments_and_the_log_its_words(tmp_path: Path) -> None:
    program = tmp_path / "a program"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$SECRET" "$@" >"{tmp_path}/got"\necho words\n')
    logger = tmp_path / "logger"
    logger.write_text(f'#!/bin/sh\n{{ echo "$@"; cat; }} >"{tmp_path}/log"\n')
    for each in (program, logger):
        each.chmod(0o755)
    environment = tmp_path / "environment"
    environment.write_text("SECRET=from the file\n".replace(" ", "_"))
    made = Schedule("resume", "x", (str(program), *HOSTILE), EveryMinutes(1), (), environment)
    first, boot, every, last = cron_lines(made)
    assert first.startswith("#") and last.startswith("#")
    assert boot.removeprefix("@reboot ") == every.removeprefix("* * * * * ")
    # Cron ends a command at a percent sign, and takes a backslash before one away.
    command = every.removeprefix("* * * * * ").replace("\\%", "%")
    assert "%" not in every.replace("\\%", "")
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(["/bin/sh", "-c", command], check=True, env={"PATH": path, "HOME": "/"}, timeout=30)
    assert (tmp_path / "got").read_text() == "|".join(("from_the_file", *HOSTILE, ""))
    assert (tmp_path / "log").read_text() == "-t proviso-resume\nwords\n"


def test_a_daily_job_is_one_line() -> None:
    lines = cron_lines(schedule(when=Daily(2, 5)))
    assert len(lines) == 3 and lines[1].startswith("5 2 * * * ")
    assert cron_lines(schedule(when=EveryMinutes(15)))[2].startswith("*/15 * * * * ")


def test_machines_begin_at_minutes_of_their_own_where_cron_does_it() -> None:
    times = {Daily(23, 50, 1800, machine=f"host-{number}").of_this_machine for number in range(200)}
    assert len(times) == 31
    assert all((hour, minute) >= (23, 50) or (hour, minute) <= (0, 20) for hour, minute in times)
    assert Daily(1, 30, 0, machine="host").of_this_machine == (1, 30)
    daily = Daily(1, 30, 600, machine="host")
    assert cron_lines(schedule(when=daily)) == cron_lines(schedule(when=daily))


def test_what_was_missed_while_the_machine_was_off_is_made_up_for_at_boot() -> None:
    made = replace(schedule("run", when=Daily(1, 30)), at_boot=("--if-due",))
    _, boot, daily, _ = cron_lines(made)
    assert boot.startswith("@reboot ") and "run --if-due 2>&1" in boot
    assert daily.startswith("30 1 * * * ") and "--if-due" not in daily
    assert "Persistent=yes" in timer_unit(made) and "--if-due" not in service_unit(made, user=None)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))))
def test_the_rest_of_a_table_stays_as_it_was(lines: list[str]) -> None:
    table = "".join(f"{line}\n" for line in lines)
    made = schedule()
    once = with_lines(table, made)
    assert once.startswith(table)
    assert with_lines(once, made) == once
    assert without_lines(once, "resume") == table
    assert without_lines(once, "backup") == once


def test_a_beginning_without_an_end_takes_nothing_with_it() -> None:
    begin = cron_lines(schedule())[0]
    table = f"{begin}\n0 0 * * * mine\n"
    assert without_lines(table, "resume") == table


# --- in place ------------------------------------------------------------------------------------------------------


SYSTEMCTL = """#!/bin/sh
echo "$@" >>"{folder}/asked"
"""
CRONTAB = """#!/bin/sh
# crontab(1): lists the table, or takes a new one from standard input
case $1 in
-l) [ -f "{folder}/table" ] || {{ echo "no crontab for $USER" >&2; exit 1; }}; cat "{folder}/table" ;;
-) cat >"{folder}/table"; echo taken >>"{folder}/asked" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose systemctl and crontab write down what they are asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("systemctl", SYSTEMCTL), ("crontab", CRONTAB)):
        (programs / name).write_text(text.format(folder=tmp_path))
        (programs / name).chmod(0o755)
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(tmp_path / "home")}
    return Machine(environment, booted=tmp_path / "booted", system_units=tmp_path / "system")


def asked(tmp_path: Path) -> list[str]:
    path = tmp_path / "asked"
    found = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return found


@pytest.mark.parametrize("scope", [Scope.SYSTEM, Scope.USER])
def test_units_are_put_in_place_once_and_taken_away_whole(machine: Machine, tmp_path: Path, scope: Scope) -> None:
    folder = machine.units(scope)
    own = "--user " if scope is Scope.USER else ""
    done = install(schedule(), machine, scope, user="root")
    assert done.changed and sorted(done.places) == sorted(map(str, folder.iterdir()))
    assert asked(tmp_path) == [f"{own}daemon-reload", f"{own}enable --now proviso-resume.timer"]
    assert not install(schedule(), machine, scope, user="root").changed
    assert asked(tmp_path) == [f"{own}enable --now proviso-resume.timer"]
    assert install(schedule("more"), machine, scope, user="root").changed
    assert "daemon-reload" in asked(tmp_path)[0]
    assert remove("resume", machine, scope).changed
    assert asked(tmp_path) == [f"{own}disable --now proviso-resume.timer", f"{own}daemon-reload"]
    assert not list(folder.iterdir())
    assert not remove("resume", machine, scope).changed
    assert asked(tmp_path) == []


def test_a_unit_that_somebody_else_wrote_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    machine.system_units.mkdir()
    unit = machine.system_units / "proviso-resume.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    with pytest.raises(Refused, match="somebody else"):
        install(schedule(), machine, Scope.SYSTEM, user="root")
    with pytest.raises(Refused, match="somebody else"):
        remove("resume", machine, Scope.SYSTEM)
    assert unit.read_text() == "[Service]\nExecStart=/bin/true\n"
    assert asked(tmp_path) == []


def test_cron_keeps_what_else_is_in_the_table(machine: Machine, tmp_path: Path) -> None:
    assert machine.scope() is Scope.CRON
    assert install(schedule(), machine, Scope.CRON, user="root").changed
    assert not install(schedule(), machine, Scope.CRON, user="root").changed
    assert asked(tmp_path) == ["taken"]
    table = tmp_path / "table"
    table.write_text(f"0 0 * * * mine\n{table.read_text()}")
    assert install(schedule("more"), machine, Scope.CRON, user="root").changed
    assert table.read_text().count("@reboot") == 1
    assert remove("resume", machine, Scope.CRON).changed
    assert table.read_text() == "0 0 * * * mine\n"
    assert not remove("resume", machine, Scope.CRON).changed


def test_where_systemd_runs_root_gets_the_systems_and_others_their_own(machine: Machine) -> None:
    machine.booted.mkdir()
    assert machine.scope() is (Scope.SYSTEM if os.geteuid() == 0 else Scope.USER)


def test_a_program_that_is_missing_or_fails_is_told(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\necho 'Access denied' >&2; exit 4\n")
    with pytest.raises(EnvironmentTrouble, match="Access denied"):
        install(schedule(), machine, Scope.SYSTEM, user="root")
    (tmp_path / "bin" / "crontab").write_text("#!/bin/sh\necho 'the spool is busy' >&2; exit 1\n")
    with pytest.raises(EnvironmentTrouble, match="spool is busy"):
        install(schedule(), machine, Scope.CRON, user="root")


def test_without_a_clockwork_it_is_said_which_is_missing_and_nothing_is_written(tmp_path: Path) -> None:
    container = Machine(
        {"PATH": str(tmp_path / "none"), "HOME": str(tmp_path)}, tmp_path / "booted", tmp_path / "system"
    )
    assert container.scope() is Scope.CRON
    for scope, missing in ((Scope.CRON, "crontab"), (Scope.USER, "systemctl"), (Scope.SYSTEM, "systemctl")):
        with pytest.raises(EnvironmentTrouble, match=f"no {missing}, and systemd does not run it") as told:
            install(schedule(), container, scope, user="root")
        assert "`schedule show` prints" in told.value.remedy
    assert not list(tmp_path.iterdir())


def test_units_that_stand_are_left_as_they_are_where_systemctl_is_gone(machine: Machine, tmp_path: Path) -> None:
    install(schedule(), machine, Scope.USER, user="root")
    before = {each.name: each.read_text() for each in machine.user_units.iterdir()}
    (tmp_path / "bin" / "systemctl").unlink()
    gone = replace(machine, environment={**machine.environment, "PATH": str(tmp_path / "bin")})
    with pytest.raises(EnvironmentTrouble, match="no systemctl"):
        install(schedule("more"), gone, Scope.USER, user="root")
    with pytest.raises(EnvironmentTrouble, match="no systemctl"):
        remove("resume", gone, Scope.USER)
    assert {each.name: each.read_text() for each in machine.user_units.iterdir()} == before


def test_drills_are_scheduled_like_the_rest(machine: Machine, proviso: Command, tmp_path: Path) -> None:
    given = {"PATH": machine.environment["PATH"], "HOME": machine.environment["HOME"]}
    shown = proviso("failover", "schedule", "show", "--scope", "cron", environment=given)
    assert "*/5 * * * * " in shown.stdout and "failover schedule run" in shown.stdout
    assert proviso("failover", "schedule", "install", "--scope", "cron", environment=given).code == 0
    assert (tmp_path / "table").read_text() == shown.stdout
    bare = {**given, "PATH": str(tmp_path / "none")}
    answer = proviso("failover", "schedule", "install", "--scope", "cron", environment=bare)
    assert (answer.code, "apt-get install cron" in answer.stderr) == (3, True), answer.stderr
    assert proviso("failover", "schedule", "show", "--scope", "cron", environment=bare).stdout == shown.stdout
    assert proviso("failover", "schedule", "remove", "--scope", "cron", environment=given).code == 0
    assert (tmp_path / "table").read_text() == ""


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_command_installs_shows_and_removes(machine: Machine, proviso: Command, tmp_path: Path) -> None:
    given = {"PATH": machine.environment["PATH"], "HOME": machine.environment["HOME"]}
    shown = proviso("run", "schedule", "show", "--scope", "cron", environment=given)
    assert f"{Path(sys.executable).parent}/proviso --project" in shown.stdout
    assert "run resume" in shown.stdout and str(proviso.state) in shown.stdout
    first = proviso("run", "schedule", "install", "--scope", "cron", "--json", environment=given)
    assert first.json["schedule"]["changed"] is True, first.stderr
    assert shown.stdout == (tmp_path / "table").read_text()
    again = proviso("run", "schedule", "install", "--scope", "cron", environment=given)
    assert "already" in again.stdout
    assert proviso("run", "schedule", "remove", "--scope", "cron", environment=given).code == 0
    assert (tmp_path / "table").read_text() == ""
    units = proviso("run", "schedule", "show", "--scope", "user", "--json", environment=given).json["files"]
    assert {Path(each).suffix for each in units} == {".service", ".timer"}


def test_the_nightly_backup_is_installed_shown_and_removed(machine: Machine, proviso: Command, tmp_path: Path) -> None:
    given = {"PATH": machine.environment["PATH"], "HOME": machine.environment["HOME"]}
    shown = proviso("backup", "schedule", "show", "--scope", "cron", "--splay", "0", environment=given)
    assert "30 1 * * * " in shown.stdout and "backup run --if-due" in shown.stdout
    assert proviso("run", "schedule", "install", "--scope", "cron", environment=given).code == 0
    others = (tmp_path / "table").read_text()
    installed = proviso("backup", "schedule", "install", "--scope", "cron", "--splay", "0", environment=given)
    assert installed.code == 0, installed.stderr
    assert (tmp_path / "table").read_text() == others + shown.stdout
    later = proviso("backup", "schedule", "install", "--scope", "cron", "--at", "2:05", environment=given)
    assert later.code == 0 and "30 1" not in (tmp_path / "table").read_text()
    assert proviso("backup", "schedule", "remove", "--scope", "cron", environment=given).code == 0
    assert (tmp_path / "table").read_text() == others
    for time in ("24:00", "1", "x:y", "01:60", "1:5"):
        assert proviso("backup", "schedule", "show", "--at", time, environment=given).code == 2
    units = proviso("backup", "schedule", "show", "--scope", "user", "--json", environment=given).json["files"]
    timer = next(text for place, text in units.items() if place.endswith("proviso-backup.timer"))
    assert "OnCalendar=*-*-* 01:30:00" in timer and "RandomizedDelaySec=1800" in timer
    assert "`proviso backup schedule remove`" in timer


def test_the_look_for_drift_stands_beside_the_backup(machine: Machine, proviso: Command, tmp_path: Path) -> None:
    given = {"PATH": machine.environment["PATH"], "HOME": machine.environment["HOME"]}
    assert proviso("backup", "schedule", "install", "--scope", "cron", environment=given).code == 0
    others = (tmp_path / "table").read_text()
    shown = proviso("drift", "schedule", "show", "--scope", "cron", "--splay", "0", environment=given)
    assert "30 4 * * * " in shown.stdout and shown.stdout.count("drift run") == 1
    installed = proviso("drift", "schedule", "install", "--scope", "cron", "--splay", "0", environment=given)
    assert installed.code == 0, installed.stderr
    assert (tmp_path / "table").read_text() == others + shown.stdout
    assert proviso("drift", "schedule", "remove", "--scope", "cron", environment=given).code == 0
    assert (tmp_path / "table").read_text() == others
    assert proviso("drift", "schedule", "show", "--at", "24:00", environment=given).code == 2
    units = proviso("drift", "schedule", "show", "--scope", "user", "--json", environment=given).json["files"]
    timer = next(text for place, text in units.items() if place.endswith("proviso-drift.timer"))
    assert "OnCalendar=*-*-* 04:30:00" in timer and "Persistent=yes" in timer
    assert "`proviso drift schedule remove`" in timer


def test_what_systemd_does_not_take_is_not_left_behind(tmp_path: Path) -> None:
    refusing = tmp_path / "bin" / "systemctl"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\necho Failed to connect to bus >&2\nexit 1\n")
    refusing.chmod(0o755)
    machine = Machine({"PATH": str(refusing.parent), "HOME": str(tmp_path)})
    with pytest.raises(EnvironmentTrouble, match="Failed to connect to bus"):
        install(schedule(), machine, Scope.USER, user="root")
    assert not list(machine.user_units.iterdir())


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "\udcff"])
def test_a_path_that_no_unit_can_name_is_bad_input(tmp_path: Path, scope: Scope, name: str) -> None:
    command = Command(tmp_path / "state")
    answer = command("--state", tmp_path / name, "run", "schedule", "show", "--scope", scope.value, before=("env",))
    assert answer.code == 2, answer.stderr
    assert "another name" in answer.stderr
