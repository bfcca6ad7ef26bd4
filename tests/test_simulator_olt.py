"""The simulated OLT on real SSH: what it puts in force, refuses, saves and forgets."""

import re

import pytest
from labs import eventually
from simulators import FLOW, OLT, ONT, SETUP, Dialogue, Simulated

from provisioning.stands.simulator.fibre import Passing

ONT_SERIAL = "HWTC00000101"


def refused(answer: str) -> str:
    """Return the refusal in an answer, on one line."""
    found = re.search(r"Failure: (.+?)\r\n\r\n", answer, re.DOTALL)
    assert found, answer
    return " ".join(found.group(1).split())


def passes(simulator: Simulated, serial: str = ONT_SERIAL) -> Passing | None:
    return simulator.do(lambda: simulator.world.fibre.passing.get(serial))


class TestProvisioning:
    def test_an_ont_comes_up_where_it_is_authorised_and_passes_last(
        self, simulator: Simulated, terminal: Dialogue
    ) -> None:
        told: list[tuple[Passing | None, str]] = []
        simulator.do(
            lambda: simulator.world.fibre.listeners.append(lambda passing, serial: told.append((passing, serial)))
        )
        assert "0/1/0" in terminal.say("display ont autofind all")
        assert "Failure" not in terminal.all(SETUP + ONT)
        assert eventually(lambda: "Run state               : online" in terminal.say("display ont info 0 1 3 5"))
        assert ONT_SERIAL[4:] not in terminal.say("display ont autofind all")
        assert passes(simulator) is None
        assert "Failure" not in terminal.say(FLOW)
        expected = Passing(ONT_SERIAL, OLT, "0/1/3", 350.016, 100.032)
        assert passes(simulator) == expected
        assert "Total : 1  (Up/Down :    1/0)" in terminal.say("display service-port port 0/1/3 ont 5")
        terminal.say("undo service-port 0")
        assert passes(simulator) is None
        assert told == [(expected, ONT_SERIAL), (None, ONT_SERIAL)]

    def test_an_ont_without_light_does_not_come_up(self, simulator: Simulated, terminal: Dialogue) -> None:
        simulator.do(lambda: simulator.world.fibre.plug(ONT_SERIAL, plugged=False))
        terminal.all(SETUP + ONT + FLOW)
        assert "Run state               : offline" in terminal.say("display ont info by-sn 4857544300000101")
        simulator.do(lambda: simulator.world.fibre.plug(ONT_SERIAL, plugged=True))
        assert eventually(lambda: passes(simulator) is not None)
        simulator.do(lambda: simulator.world.fibre.plug(ONT_SERIAL, plugged=False))
        assert passes(simulator) is None

    @pytest.mark.parametrize(
        ("undone", "redone"),
        [
            ("interface gpon 0/1\nont deactivate 3 5\nquit", "interface gpon 0/1\nont activate 3 5\nquit"),
            ("service-port 0 adminstatus disable", "service-port 0 adminstatus enable"),
            ("undo port vlan 100 0/9 0", "port vlan 100 0/9 0"),
            (
                "interface gpon 0/1\nont port native-vlan 3 5 eth 1 vlan 11\nquit",
                "interface gpon 0/1\nont port native-vlan 3 5 eth 1 vlan 10\nquit",
            ),
        ],
        ids=["deactivated", "disabled", "no uplink", "other VLAN"],
    )
    def test_nothing_passes_where_a_link_of_the_chain_is_missing(
        self, simulator: Simulated, terminal: Dialogue, undone: str, redone: str
    ) -> None:
        terminal.all(SETUP + ONT + FLOW)
        assert eventually(lambda: passes(simulator) is not None)
        assert "Failure" not in terminal.all(undone)
        assert passes(simulator) is None
        assert "Failure" not in terminal.all(redone)
        assert eventually(lambda: passes(simulator) is not None)

    def test_another_speed_takes_only_other_tables(self, simulator: Simulated, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT + FLOW)
        assert eventually(lambda: passes(simulator) is not None)
        terminal.say("traffic table ip name slow cir 64 pir 1000 priority 0 priority-policy local-setting")
        terminal.say("service-port 0 inbound traffic-table name slow outbound traffic-table index 6")
        assert passes(simulator) == Passing(ONT_SERIAL, OLT, "0/1/3", None, 0.96)

    def test_an_ont_hangs_in_one_place_only(self, simulator: Simulated, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT)
        assert refused(terminal.all(ONT.replace("3 5", "2 7"))) == "SN already exists"
        assert "Total Num" not in terminal.say("display ont autofind all")

    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ("interface gpon 0/7", "This board does not exist"),
            ("interface gpon 0/9", "Board type is invalid"),
            (ONT.replace("p-line", "other"), "The line profile does not exist"),
            (ONT.replace("p-srv", "other"), "The service profile does not exist"),
            (ONT + ONT, "SN already exists"),
            (ONT + ONT.replace("0101", "0102"), "The ONT ID has already existed"),
            (ONT + ONT, "Make configuration repeatedly"),
            (FLOW, "The ONT does not exist"),
            (ONT + FLOW.replace("vlan 100", "vlan 101", 1), "VLAN does not exist"),
            (ONT + FLOW.replace("gemport 1", "gemport 2"), "The GEM port does not exist"),
            (ONT + FLOW.replace("proviso-100m", "other"), "The traffic table does not exist"),
            (
                ONT + FLOW + "\n" + FLOW,
                "Service virtual port has existed already Conflicted service virtual port index: 0",
            ),
            (
                ONT + FLOW + "\ninterface gpon 0/1\nont delete 3 5\n",
                "This configured object has some service virtual ports",
            ),
            ("interface gpon 0/1\nont delete 3 5\n", "The ONT does not exist"),
            ("undo service-port 7", "Service virtual port does not exist"),
            ("undo service-port port 0/1/3 ont 5", "No service virtual port can be operated"),
            ("display service-port all", "No service virtual port can be operated"),
            ("display traffic table ip name other", "The traffic table does not exist"),
            ("display dba-profile profile-name other", "The DBA-profile does not exist"),
            ("display current-configuration ont 0/1/3 5", "The ONT does not exist"),
            ("display ont info 0 1 3 all", "There is no ONT available"),
            (SETUP.splitlines()[1], "The traffic table name has existed already"),
            (SETUP.splitlines()[3], "The DBA-profile has already existed"),
            (ONT + FLOW + "\nundo traffic table ip name proviso-100m", "The traffic table is being used"),
            (
                ONT + "undo ont-lineprofile gpon profile-name p-line",
                "The profile has been bound, and it can not be deleted",
            ),
        ],
    )
    def test_refusals_are_in_the_devices_words(self, terminal: Dialogue, lines: str, words: str) -> None:
        terminal.all(SETUP)
        before = terminal.say("display current-configuration") if lines.count("\n") == 0 else ""
        assert words in " ".join(re.findall(r"Failure: .+?(?=\r\n\r\n)", terminal.all(lines), re.DOTALL)).replace(
            "\r\n  ", " "
        )
        if before:
            terminal.say("return")
            assert terminal.say("display current-configuration").split("return")[0] == before.split("return")[0]

    def test_removing_several_flows_is_asked_about(self, simulator: Simulated, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT + FLOW)
        question = terminal.say("undo service-port port 0/1/3 ont 5", r"\(y/n\)\[n\]:$")
        assert "Warning: The operation will delete multiple or all service ports" in question
        terminal.say("n")
        assert len(simulator.olt.device.config.flows) == 1
        terminal.say("mmi-mode enable")
        assert "deleted: 1" in terminal.say("undo service-port port 0/1/3 ont 5")
        assert not simulator.olt.device.config.flows

    def test_what_is_edited_in_a_profile_is_in_force_when_committed(
        self, simulator: Simulated, terminal: Dialogue
    ) -> None:
        terminal.all("config\nont-lineprofile gpon profile-name x\ntcont 1 dba-profile-id 1\nquit")
        assert "The line profile does not exist" in terminal.say("display ont-lineprofile gpon profile-name x")
        terminal.all(
            "ont-lineprofile gpon profile-name x\ntcont 1 dba-profile-id 1\ngem add 4 eth tcont 1\ncommit\nquit"
        )
        assert "<Gem Index 4>" in terminal.say("display ont-lineprofile gpon profile-name x")

    def test_rates_are_rounded_down_to_steps(self, terminal: Dialogue) -> None:
        terminal.say("config")
        said = terminal.say("traffic table ip name x cir 350000 pir 350000 priority 0 priority-policy local-setting")
        assert "CIR                          : 349952 kbps" in said


class TestSavingAndLosingPower:
    def test_power_loss_returns_to_what_was_saved(self, simulator: Simulated, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT)
        assert "Configuration file had been saved successfully" in terminal.say("save")
        saved = simulator.olt.device.config.to_json()
        terminal.say(FLOW)
        assert simulator.olt.shown() == "1 ONTs, 1 online, not saved" or eventually(
            lambda: "online" in simulator.olt.shown()
        )
        assert eventually(lambda: passes(simulator) is not None)
        simulator.do(lambda: simulator.world.lose_power(OLT))
        with pytest.raises(EOFError):
            terminal.say("display version")
        assert passes(simulator) is None
        assert simulator.olt.device.config.to_json() == saved

    def test_nothing_saved_is_the_factorys(self, simulator: Simulated, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT)
        simulator.do(lambda: simulator.world.lose_power(OLT))
        with Dialogue(simulator) as again:
            again.quiet()
            assert ONT_SERIAL[4:] in again.say("display ont autofind all")
            assert "There is no ONT available" in again.say("display ont info 0 1 3 all")

    def test_a_reboot_is_asked_about_and_loses_what_was_not_saved(
        self, simulator: Simulated, terminal: Dialogue
    ) -> None:
        terminal.all(SETUP)
        terminal.say("reboot system", r"\(y/n\)\[n\]:$")
        with pytest.raises(EOFError):
            terminal.say("y")
        assert eventually(lambda: len(simulator.olt.device.config.dba) == 10)

    def test_what_is_saved_can_be_compared_with_what_runs(self, terminal: Dialogue) -> None:
        terminal.all(SETUP + ONT)
        running = terminal.say("display current-configuration").split("\r\nreturn")[0]
        assert terminal.say("display saved-configuration").split("\r\nreturn")[0] != running
        terminal.say("save")
        assert terminal.say("display saved-configuration").split("\r\nreturn")[0] == running
        assert f'sn-auth "48575443{ONT_SERIAL[4:]}"' in running
