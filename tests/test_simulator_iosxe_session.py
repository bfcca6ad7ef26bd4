"""The simulated IOS-XE router's terminal, as a person has it: modes, complaints, pages, files, the timer, power."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from iosxe_routers import SERIAL, Bench, Terminal, bench

from provisioning.stands.simulator.cisco_iosxe.kept import Disk


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def terminal(made: Bench) -> Iterator[Terminal]:
    with Terminal(made) as terminal:
        terminal.say("terminal length 0")
        yield terminal


class TestLines:
    def test_words_may_be_shortened(self, terminal: Terminal) -> None:
        assert "C1111-8PLTE" in terminal.say("sh ver")
        assert terminal.say("sh ip int br").startswith("Interface              IP-Address")
        assert terminal.say("sh arch conf roll tim") == "%No Rollback Confirmed Change pending\nRouter#"

    def test_a_wrong_word_is_pointed_at(self, terminal: Terminal) -> None:
        assert terminal.say("show wrong") == f"{' ' * 12}^\n% Invalid input detected at '^' marker.\n\nRouter#"
        # The caret stands below the first character that no command goes on with.
        assert terminal.say("show verx").startswith(f"{' ' * 15}^\n")
        assert terminal.say("show") == "% Incomplete command.\n\nRouter#"
        assert terminal.say("co t") == '% Ambiguous command:  "co t"\nRouter#'
        assert "% Unknown command or computer name" in terminal.say("frobnicate")

    def test_a_number_out_of_bounds_is_invalid(self, terminal: Terminal) -> None:
        assert "Invalid input" in terminal.say("configure terminal revert timer 121")
        assert "Invalid input" in terminal.say("terminal length 513")

    def test_configuration_mode(self, made: Bench, terminal: Terminal) -> None:
        assert terminal.say("conf t").endswith("End with CNTL/Z.\nRouter(config)#")
        assert terminal.say("int lo0") == "Router(config-if)#"
        assert terminal.say("descr here") == "Router(config-if)#"
        assert "Loopback0" in terminal.say("do show ip interface brief | include Loop")
        assert terminal.say("exit") == "Router(config)#"
        assert terminal.say("hostname cpe-21", until=r"\(config\)#$") == "cpe-21(config)#"
        wrong = terminal.say("interface Nowhere0")
        assert "^\n% Invalid input detected at '^' marker.\n" in wrong
        terminal.send(b"\x1a")
        terminal.until(r"cpe-21#$")
        assert "interface Loopback0\n description here\n" in made.text()

    def test_a_long_name_is_cut_in_configuration_mode(self, terminal: Terminal) -> None:
        terminal.say("configure terminal")
        terminal.say(f"hostname {'a' * 30}", until=r"#$")
        terminal.say("interface Loopback0", until=rf"\n{'a' * 20}\(config-if\)#$")
        terminal.say("end", until=rf"\n{'a' * 30}#$")

    def test_keys(self, terminal: Terminal) -> None:
        terminal.send(b"show versionn\x7f | include board\r")
        assert SERIAL in terminal.until(r"\nRouter#$")
        terminal.send(b"nonsense\x15show privilege\r\n")
        assert "level is 15" in terminal.until(r"\nRouter#$")
        terminal.send(b"show priv\x03")
        terminal.until(r"\^C\r\nRouter#$")
        terminal.send(b"show arch?")
        assert "archive" in terminal.until(r"Router#show arch$")

    def test_pages(self, made: Bench) -> None:
        with Terminal(made) as terminal:
            terminal.send("show running-config\n")
            first = terminal.until(r" --More-- $")
            assert first.count("\r\n") == 24
            terminal.send("\n")
            assert terminal.until(r" --More-- $").count("\r\n") == 1
            terminal.send(" ")
            assert terminal.until(r" --More-- $").count("\r\n") == 23
            terminal.send("q")
            terminal.until(r"\r\nRouter#$")
            terminal.say("terminal length 0")
            assert terminal.say("show running-config").endswith("\nend\n\nRouter#")

    def test_filters(self, terminal: Terminal) -> None:
        assert terminal.say("show running-config | include ^hostname") == "hostname Router\nRouter#"
        assert terminal.say("show run | i ^archive|^hostname") == "hostname Router\narchive\nRouter#"
        archive = terminal.say("show running-config | section ^archive")
        assert archive == "archive\n path bootflash:archive\n maximum 5\nRouter#"
        assert terminal.say("show run | count ^interface ").startswith("Number of lines which match regexp = ")
        begun = terminal.say("show running-config | begin ^line vty 0")
        assert begun.startswith("line vty 0 4\n login local\n")
        assert "hostname" not in terminal.say("show running-config | exclude hostname")
        assert "% Failed to compile" in terminal.say("show running-config | include (")
        assert "Invalid input" in terminal.say("show running-config | wrong x")
        assert terminal.say("show clock | redirect bootflash:clock.txt") == "Router#"
        assert "UTC" in terminal.say("more bootflash:clock.txt")


class TestSeveral:
    def test_sessions_have_modes_of_their_own(self, made: Bench, terminal: Terminal) -> None:
        terminal.say("configure terminal")
        with Terminal(made) as other:
            assert other.say("show users").count("root") == 2
            other.say("configure terminal")
            other.say("interface Loopback7")
            assert terminal.say("interface Loopback8") == "Router(config-if)#"
            assert "interface Loopback7\n" in made.text() and "interface Loopback8\n" in made.text()

    def test_one_may_have_the_configuration_for_itself(self, made: Bench, terminal: Terminal) -> None:
        made.configure("configuration mode exclusive auto\n")
        assert "locked exclusively" in terminal.say("configure terminal")
        with Terminal(made) as other:
            refused = other.say("configure terminal")
            assert refused.startswith("Configuration mode locked exclusively by user 'root'")
            assert refused.endswith("\nRouter#")
            terminal.say("end")
            assert other.say("configure terminal").endswith("(config)#")

    def test_who_watches_is_shown_what_is_done(self, made: Bench, terminal: Terminal) -> None:
        terminal.say("terminal monitor")
        with Terminal(made) as other:
            other.all("configure terminal\ninterface Loopback7\nend\n")
            seen = terminal.until(r"%SYS-5-CONFIG_I: .*\r\n")
        assert "Configured from console by root on vty1 (127.0.0.1)" in seen

    def test_one_ends_the_session_of_another(self, made: Bench, terminal: Terminal) -> None:
        with Terminal(made) as other:
            assert terminal.say("clear line vty 1", until=r"\[confirm\]$") == "[confirm]"
            assert " [OK]" in terminal.say("")
            with pytest.raises(EOFError):
                other.say("show clock")
        assert "vty 1" not in terminal.say("show users")


class TestFiles:
    def test_questions_are_asked_unless_quiet(self, made: Bench, terminal: Terminal) -> None:
        made.configure("no file prompt quiet\n")
        assert (
            terminal.say("copy running-config bootflash:one.cfg", until=r"\? $") == "Destination filename [one.cfg]? "
        )
        assert "bytes copied in" in terminal.say("", until=r"\nRouter#$")
        terminal.say("copy running-config bootflash:one.cfg", until=r"\? $")
        assert "over write? [confirm]" in terminal.say("", until=r"confirm\]$")
        assert "bytes copied in" in terminal.say("", until=r"\nRouter#$")
        terminal.say("delete bootflash:one.cfg", until=r"\? $")
        terminal.say("", until=r"confirm\]$")
        terminal.say("y", until=r"\nRouter#$")
        assert "No such file" in terminal.say("dir bootflash:one.cfg")

    def test_files(self, made: Bench, terminal: Terminal) -> None:
        assert "bytes copied in" in terminal.say("copy running-config flash:/one.cfg")
        content = made.simulated.do(lambda: made.router.device.flash.files["one.cfg"].content)
        digest = hashlib.md5(content).hexdigest()
        assert f"verify /md5 (bootflash:/one.cfg) = {digest}\n" in terminal.say("verify /md5 flash:/one.cfg")
        assert "one.cfg" in terminal.say("dir") and "bytes free)" in terminal.say("dir bootflash:")
        assert terminal.say("more bootflash:/one.cfg").endswith("\nend\nRouter#")
        assert terminal.say("delete /force flash:/one.cfg") == "Router#"
        missing = "(No such file or directory)\n\nRouter#"
        assert terminal.say("more flash:/one.cfg") == f"%Error opening bootflash:/one.cfg {missing}"
        assert terminal.say("delete /force flash:/one.cfg") == f"%Error deleting bootflash:/one.cfg {missing}"

    def test_a_merge_goes_on_behind_a_line_that_is_refused(self, made: Bench, terminal: Terminal) -> None:
        text = "interface Loopback0\n description here\n nonsense\n ip address 10.1.1.1 255.255.255.255\nend\n"
        made.put("merge.txt", text)
        said = terminal.say("copy bootflash:merge.txt running-config")
        assert said.startswith(" nonsense\n  ^\n% Invalid input detected at '^' marker.\n")
        assert f"{len(text)} bytes copied in" in said
        assert "interface Loopback0\n description here\n ip address 10.1.1.1 255.255.255.255\n" in made.text()

    def test_secure_copy_both_ways(self, made: Bench, tmp_path: Path) -> None:
        made.put("there.txt", "what is there\n")
        here, back = tmp_path / "here.txt", tmp_path / "back.txt"
        here.write_text("what is here\n")
        with made.paramiko() as client:
            import scp

            with scp.SCPClient(client.get_transport()) as copy:
                copy.put(str(here), "bootflash:/sent.txt")
                copy.get("bootflash:/there.txt", str(back))
                with pytest.raises(scp.SCPException, match="No such file"):
                    copy.get("bootflash:/nowhere.txt", str(back))
        assert back.read_text() == "what is there\n"
        assert made.simulated.do(lambda: made.router.device.flash.files["sent.txt"].content) == b"what is here\n"

    def test_commands_without_a_terminal(self, made: Bench) -> None:
        assert SERIAL in made.run("show version")
        assert made.run("show running-config | include ^hostname") == "hostname Router\r\n"
        assert "Invalid input" in made.run("show nonsense")
        made.configure("no ip scp server enable\n")
        assert made.run("scp -t bootflash:/x") == "Administratively disabled.\n"


class TestArchive:
    def test_files_of_the_archive_are_counted_and_the_oldest_go(self, made: Bench, terminal: Terminal) -> None:
        for _ in range(6):
            made.clock.passes(61)
            assert terminal.say("archive config") == "Router#"
        told = terminal.say("show archive")
        assert "There are currently 5 archive configurations saved." in told
        assert "bootflash:archive-Dec--1-12-06-06.000-5 <- Most Recent" in told
        assert "archive-Dec--1-12-01-01.000-0" not in terminal.say("dir")
        assert "next archive file will be named bootflash:archive-<timestamp>-6" in told

    def test_without_a_path_there_is_none(self, made: Bench, terminal: Terminal) -> None:
        made.configure("no archive\n")
        assert terminal.say("show archive") == " Archive feature not enabled\nRouter#"
        refused = terminal.say("configure terminal revert timer 2")
        assert refused == "%Turn config archive on before using Rollback Confirmed Change\nRouter#"

    def test_differences(self, made: Bench, terminal: Terminal) -> None:
        terminal.all("configure terminal\ninterface Loopback0\n description here\nend\n")
        assert terminal.say("show archive config differences").startswith(
            "!Contextual Config Diffs:\n+interface Loopback0\n +description here\n"
        )
        same = terminal.say("show archive config differences system:running-config running-config")
        assert same == "!Contextual Config Diffs:\n!No changes were found\nRouter#"
        made.put("more.txt", "hostname Router\ninterface Loopback0\n description there\nend\n")
        more = terminal.say("show archive config incremental-diffs bootflash:more.txt")
        assert more == "!List of Commands:\ninterface Loopback0\n description there\nend\nRouter#"

    def test_the_timer_belongs_to_who_started_it(self, made: Bench, terminal: Terminal) -> None:
        made.let_in("other")
        begun = terminal.say("configure terminal revert timer 3")
        assert begun.startswith(
            "Rollback Confirmed Change: Backing up current running config to bootflash:archive-Dec--1-"
        )
        terminal.all("interface Loopback0\nend\n")
        told = terminal.say("show archive config rollback timer")
        assert told == (
            "Time configured(or reconfigured): 12:00:00 UTC Tue Dec 1 2026\n"
            "Timer type: absolute timer\nTimer value: 3 min\nUser: root\nRouter#"
        )
        with Terminal(made, "other") as other:
            for line in ("configure confirm", "configure revert now", "configure revert timer 9"):
                assert other.say(line).startswith("%")
            assert "pending" in other.say("configure terminal revert timer 5")
        terminal.say("configure revert timer 5")
        made.clock.passes(4 * 60)
        assert "interface Loopback0\n" in made.text()
        made.clock.passes(61)
        assert "No Rollback" in terminal.say("show archive config rollback timer")
        assert "interface Loopback0\n" not in made.text()

    def test_an_idle_timer_waits_as_long_as_something_is_typed(self, made: Bench, terminal: Terminal) -> None:
        terminal.all("configure terminal revert idle 2\ninterface Loopback0\nend\n")
        for _ in range(3):
            made.clock.passes(100)
            terminal.say("show privilege")
        assert "Timer type: idle timer" in terminal.say("show archive config rollback timer")
        made.clock.passes(121)
        made.simulated.do(made.router.tick)
        assert "interface Loopback0\n" not in made.text()

    def test_a_replacement_that_fails_changes_nothing(self, made: Bench, terminal: Terminal) -> None:
        before = made.text()
        made.put("wrong.txt", before.replace("hostname Router\n", "hostname other\nnonsense\n"))
        made.put("part.txt", "hostname other\n")
        assert "nonsense" in terminal.say("configure replace bootflash:wrong.txt force")
        said = terminal.say("configure replace bootflash:wrong.txt force revert trigger error")
        assert "Reverting back to the original configuration" in said
        assert "not a valid config file" in terminal.say("configure replace bootflash:part.txt force")
        assert made.text() == before
        terminal.say("configure replace bootflash:wrong.txt", until=r"\? \[no\]: $")
        assert terminal.say("", until=r"#$") == "Router#"


class TestPower:
    def test_what_was_not_saved_is_gone(self, made: Bench, terminal: Terminal) -> None:
        terminal.all("configure terminal\ninterface Loopback7\nend\nwrite memory\n")
        terminal.all("configure terminal revert timer 5\ninterface Loopback8\nend\n")
        made.put("stays.txt", "what stays\n")
        made.simulated.do(lambda: made.simulated.world.lose_power(SERIAL))
        with pytest.raises(EOFError):
            terminal.say("show clock")
        text = made.text()
        assert "interface Loopback7\n" in text and "interface Loopback8\n" not in text
        with Terminal(made) as again:
            assert "No Rollback" in again.say("show archive config rollback timer")
            assert again.say("more bootflash:stays.txt") == "what stays\nRouter#"

    def test_reload_asks(self, made: Bench, terminal: Terminal) -> None:
        terminal.all("configure terminal\ninterface Loopback7\nend\n")
        assert "Save? [yes/no]: " in terminal.say("reload", until=r"\[yes/no\]: $")
        assert "Proceed with reload? [confirm]" in terminal.say("no", until=r"\[confirm\]$")
        terminal.send(b"\x03")
        terminal.until(r"\nRouter#$")
        terminal.say("reload", until=r"\[yes/no\]: $")
        terminal.say("no", until=r"\[confirm\]$")
        terminal.send("\n")
        with pytest.raises(EOFError):
            terminal.until(r"never")
        assert "interface Loopback7\n" not in made.text()
        assert made.simulated.do(lambda: made.router.device.reason) == "Reload Command"

    def test_it_outlives_the_simulator(self, made: Bench, terminal: Terminal, tmp_path: Path) -> None:
        terminal.all("configure terminal\nhostname kept\nend\nwrite memory\narchive config\n")
        kept = Disk(tmp_path / "simulator" / "routers" / f"{SERIAL}.json").load()
        assert kept is not None and kept.startup is not None
        assert "\nhostname kept\n" in kept.startup
        assert kept.archived and kept.archive_count == 1

    def test_a_user_of_snmp_is_kept_and_never_shown(self, made: Bench, terminal: Terminal) -> None:
        secret = "canary-authentication"
        terminal.all(
            "configure terminal\nsnmp-server group watchers v3 priv\n"
            f"snmp-server user watcher watchers v3 auth sha {secret} priv aes 128 canary-privacy\nend\nwrite memory\n"
        )
        assert secret not in made.text()
        made.simulated.do(made.router.lose_power)
        with Terminal(made) as again:
            assert "User name: watcher\n" in again.say("show snmp user")
