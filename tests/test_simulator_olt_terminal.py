"""The terminal of the simulated OLT on real SSH: who gets in, what it understands, asks and shows."""

import re
from importlib.util import find_spec
from pathlib import Path

import asyncssh
import pytest
from labs import eventually
from simulators import FLOW, OLT, ONT, PASSWORD, PROMPT, SETUP, USER, Dialogue, Simulated

from provisioning.stands.simulator.smartax.terminal import MORE, TAKE_MORE_AWAY

ONT_SERIAL = "HWTC00000101"


class TestGettingIn:
    def test_the_account_gets_in_by_its_password_only(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            assert "Simulated: this is no Huawei device." in terminal.seen
        with pytest.raises(asyncssh.PermissionDenied), Dialogue(simulator, "guess"):
            pass

    def test_no_command_runs_without_a_terminal(self, simulator: Simulated) -> None:
        async def execute() -> asyncssh.SSHCompletedProcess:
            async with asyncssh.connect(
                "127.0.0.1", port, username=USER, password=PASSWORD, known_hosts=None, client_keys=None, config=None
            ) as connection:
                return await connection.run("display version")

        port = simulator.port()
        assert simulator.wait(execute()).exit_status == 1

    def test_modes_and_prompts(self, terminal: Dialogue) -> None:
        assert terminal.say("config").endswith(f"{OLT}(config)#")
        assert terminal.say("interface gpon 0/2").endswith(f"{OLT}(config-if-gpon-0/2)#")
        assert terminal.say("quit").endswith(f"{OLT}(config)#")
        assert terminal.say("ont-lineprofile gpon profile-name x").endswith(f"{OLT}(config-gpon-lineprofile-1)#")
        assert terminal.say("return").endswith(f"{OLT}#")
        assert terminal.say("disable").endswith(f"{OLT}>")
        assert "Unknown command" in terminal.say("config")

    def test_logging_out_is_asked_about(self, terminal: Dialogue) -> None:
        assert "save data before logout" in terminal.say("quit", r"\(y/n\)\[n\]:$")
        assert terminal.say("n").endswith(f"{OLT}#")
        terminal.say("quit", r"\(y/n\)\[n\]:$")
        with pytest.raises(EOFError, match="Configuration console exit"):
            terminal.say("y")

    def test_there_are_so_many_terminals_and_no_more(self, simulator: Simulated) -> None:
        open_ones = [Dialogue(simulator).__enter__() for _ in range(10)]
        try:
            with pytest.raises(EOFError, match="Reenter times have reached the upper limit"):
                Dialogue(simulator).__enter__()
        finally:
            for each in open_ones:
                each.__exit__()
        assert eventually(lambda: not simulator.olt._ends)
        with Dialogue(simulator) as terminal:
            assert terminal.say("enable").endswith("#")

    def test_netmiko_gets_on_with_it(self, simulator: Simulated) -> None:
        from netmiko import ConnectHandler

        connection = ConnectHandler(
            device_type="huawei_smartax",
            host="127.0.0.1",
            port=simulator.port(),
            username=USER,
            password=PASSWORD,
            allow_agent=False,
            use_keys=False,
        )
        try:
            connection.enable()
            assert "VERSION : MA5800V100R020C00" in connection.send_command("display version")
            connection.config_mode()
            said = connection.send_config_set([*SETUP.splitlines()[1:], *ONT.splitlines()], enter_config_mode=False)
            assert "Failure" not in said and "%" not in said
            assert "Number of ONTs that can be added: 1, success: 1" in said
        finally:
            # Its own way out waits for a prompt that a session which has ended does not give any more.
            assert connection.remote_conn_pre is not None
            connection.remote_conn_pre.close()


class TestLinesThatDoNotFit:
    @pytest.mark.parametrize(
        ("line", "said", "at"),
        [
            ("show version", "% Unknown command", 0),
            ("display nothing", "% Unknown command", 8),
            ("display ont info 0 1 3 999", "% Parameter error", 23),
            ("display board 0 1", "% Too many parameters", 16),
            ("display service-port", "% Incomplete command", 20),
            ("display ont-", "% Ambiguous command", 8),
        ],
    )
    def test_the_error_is_pointed_at(self, terminal: Dialogue, line: str, said: str, at: int) -> None:
        pointer, message = terminal.say(line).split("\r\n")[:2]
        assert message == f"  {said}, the error locates at '^'"
        assert pointer == " " * (len(f"{OLT}#") + at) + "^"

    def test_words_may_be_shortened(self, terminal: Dialogue) -> None:
        assert "Total: 2" in terminal.say("disp vl a")
        assert terminal.say("conf").endswith("(config)#")

    def test_what_a_line_lacks_is_asked_for(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.say("scroll", r"\}:$")
            terminal.say("")
            terminal.say("enable")
            asked = terminal.say("display ont", r"\}:$")
            assert asked.endswith("{ autofind<K>|info<K> }:")
            terminal.send("autofind all\n")
            assert f"Ont SN              : 4857544300000101 (HWTC-{ONT_SERIAL[4:]})" in terminal.until(PROMPT)
            terminal.say("config")
            terminal.say(SETUP.splitlines()[1])
            asked = terminal.say("display traffic table ip from-index 7", r"\}:$")
            assert asked == "{ <cr>|to-index<K> }:"
            terminal.send("\n")
            assert "Command:\r\n          display traffic table ip from-index 7\r\n" in terminal.until(PROMPT)
            terminal.say("display vlan", r"\}:$")
            for _ in range(2):
                terminal.send("nonsense\n")
                terminal.until(r"\}:$")
            terminal.send("nonsense\n")
            assert "Reenter times have reached the upper limit" in terminal.until(PROMPT)


class TestShowing:
    def test_pages_end_with_q_and_go_on_with_a_space(self, simulator: Simulated) -> None:
        with Dialogue(simulator) as terminal:
            terminal.say("enable")
            first = terminal.say("display ont autofind all", re.escape(MORE) + "$")
            assert first.count("\r\n") == 24
            terminal.send(" ")
            second = terminal.until(re.escape(MORE) + "$")
            assert second.startswith(TAKE_MORE_AWAY) and second.count("\r\n") == 24
            terminal.send("\n")
            assert terminal.until(re.escape(MORE) + "$").count("\r\n") == 1
            terminal.send("q")
            assert terminal.until(PROMPT).count("Ont SN") == 0

    def test_a_long_line_is_echoed_past_the_last_column(self, terminal: Dialogue) -> None:
        terminal.say("config")
        terminal.send(FLOW)
        echo = terminal.until(r"350m$")
        assert echo.count(" \x1b[1D") == (len(f"{OLT}(config)#") + len(FLOW)) // 80 == 2
        terminal.send("\x03")
        terminal.until(PROMPT)

    def test_typing_can_be_mended(self, terminal: Dialogue) -> None:
        terminal.send("display versionx\x7f\x1b[D\r\n")
        assert "VERSION : MA5800" in terminal.until(PROMPT)

    def test_help_tells_what_may_follow(self, terminal: Dialogue) -> None:
        terminal.send("display ont ?")
        assert "autofind<K>" in terminal.until("display ont $")
        terminal.send("autofind all\n")
        assert "Ont SN" in terminal.until(PROMPT)

    @pytest.mark.parametrize(
        ("template", "command"),
        [
            ("display_ont_autofind", "display ont autofind all"),
            ("display_service-port_all", "display service-port all"),
            ("display_ont_info_0_1", "display ont info 0 1 3 5"),
            ("display_ont-lineprofile_gpon_all", "display ont-lineprofile gpon all"),
            ("display_ont-srvprofile_gpon_all", "display ont-srvprofile gpon all"),
            ("display_board", "display board 0"),
        ],
    )
    def test_public_templates_read_what_it_shows(self, terminal: Dialogue, template: str, command: str) -> None:
        import textfsm

        terminal.all(SETUP + ONT + FLOW)
        package = find_spec("ntc_templates")
        assert package is not None and package.origin is not None
        folder = Path(package.origin).parent / "templates"
        with (folder / f"huawei_smartax_{template}.textfsm").open() as file:
            said = terminal.say(command).rsplit("\r\n\r\n", 1)[0].replace("\r\n", "\n")
            assert textfsm.TextFSM(file).ParseText(said)
