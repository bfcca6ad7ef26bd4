"""The lab's telephony host: what it answers to whom, and that it stands in the operator's voice prefixes."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from labs import TestLab, eventually, lab_up, needs_lab
from worlds import ROOT

from provisioning.stands.lab.lab import RTP_PORTS
from provisioning.stands.lab.layout import TELEPHONY
from provisioning.stands.lab.telephony import answer

OPTIONS = (
    b"OPTIONS sip:ping@198.18.2.10 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 192.0.2.1:40000;branch=z9hG4bK-1;rport\r\n"
    b"Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-0\r\n"
    b"Max-Forwards: 70\r\n"
    b"From: <sip:drill@example.net>;tag=a1\r\n"
    b"To: <sip:ping@198.18.2.10>\r\n"
    b"Call-ID: 1@192.0.2.1\r\n"
    b"CSeq: 7 OPTIONS\r\n"
    b"Content-Length: 0\r\n\r\n"
)

ASK = """
import socket, sys
address, port, told = sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3])
with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as asker:
    asker.settimeout(2)
    asker.sendto(told, (address, port))
    heard, sender = asker.recvfrom(4096)
    print(sender[0], sender[1], heard.hex())
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestLab]:
    with lab_up(tmp_path_factory.mktemp("lab") / "state", cpes=0) as up:
        yield up


def ask(lab: TestLab, address: str, port: int, told: bytes) -> tuple[str, int, bytes]:
    heard: list[str] = []

    def heard_it() -> bool:
        heard[:] = lab.within("noc", "python3", "-c", ASK, address, str(port), told.hex()).stdout.split()
        return len(heard) == 3

    assert eventually(heard_it)
    return heard[0], int(heard[1]), bytes.fromhex(heard[2])


@needs_lab
@pytest.mark.parametrize("address", TELEPHONY)
def test_it_answers_options_on_both_families(lab: TestLab, address: str) -> None:
    host, port, text = ask(lab, address, 5060, OPTIONS)
    assert ip_address(host) == ip_address(address)
    assert port == 5060
    assert text.startswith(b"SIP/2.0 200 OK\r\n")
    assert b"CSeq: 7 OPTIONS\r\n" in text


@needs_lab
@pytest.mark.parametrize("address", TELEPHONY)
@pytest.mark.parametrize("port", [RTP_PORTS[0], RTP_PORTS[-1]])
def test_it_gives_back_what_it_is_told(lab: TestLab, address: str, port: int) -> None:
    told = bytes(range(172))
    assert ask(lab, address, port, told)[1:] == (port, told)


def test_it_stands_in_the_voice_prefixes_of_the_shipped_inventory() -> None:
    text = (ROOT / "inventory" / "operator.yaml").read_text("utf-8")
    prefixes = [ip_network(each) for each in yaml.safe_load(text)["voice_prefixes"]]
    for address in TELEPHONY:
        assert any(ip_address(address) in each for each in prefixes)


def lines(request: bytes, host: str = "192.0.2.9", port: int = 50000) -> list[str]:
    answered = answer(request, host, port)
    assert answered is not None
    text = answered[0].decode()
    assert text.endswith("\r\n\r\n")
    return text.removesuffix("\r\n\r\n").split("\r\n")


def test_an_answer_repeats_what_tells_the_asker_which_it_is() -> None:
    told = lines(OPTIONS)
    assert told[0] == "SIP/2.0 200 OK"
    assert told[1:3] == [
        "Via: SIP/2.0/UDP 192.0.2.1:40000;branch=z9hG4bK-1;rport=50000;received=192.0.2.9",
        "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-0",
    ]
    assert {"From: <sip:drill@example.net>;tag=a1", "Call-ID: 1@192.0.2.1", "CSeq: 7 OPTIONS"} <= set(told)
    (to,) = [each for each in told if each.startswith("To: ")]
    assert to.startswith("To: <sip:ping@198.18.2.10>;tag=")
    assert told[-1] == "Content-Length: 0"
    # A tag that is there stays the only one.
    assert any(
        each.endswith(";tag=b2") for each in lines(OPTIONS.replace(b"To: <sip:ping@198.18.2.10>", b"t: <x>;tag=b2"))
    )


@pytest.mark.parametrize(
    ("via", "port"),
    [
        (b"SIP/2.0/UDP 192.0.2.1:40000;rport", 50000),
        (b"SIP/2.0/UDP 192.0.2.1:40000", 40000),
        (b"SIP/2.0/UDP 192.0.2.1", 5060),
        (b"SIP/2.0/UDP [2001:db8::1]:40000;branch=x", 40000),
        (b"SIP/2.0/UDP [2001:db8::1]", 5060),
        (b"SIP/2.0/UDP 192.0.2.1:99999", 5060),
    ],
)
def test_an_answer_goes_where_the_asker_wants_it(via: bytes, port: int) -> None:
    answered = answer(OPTIONS.replace(b"SIP/2.0/UDP 192.0.2.1:40000;branch=z9hG4bK-1;rport", via), "192.0.2.9", 50000)
    assert answered is not None
    assert answered[1] == port


def test_other_methods_are_refused_and_acks_are_not_answered() -> None:
    invite = OPTIONS.replace(b"OPTIONS", b"INVITE")
    assert lines(invite)[0] == "SIP/2.0 405 Method Not Allowed"
    assert "Allow: OPTIONS" in lines(invite)
    assert answer(OPTIONS.replace(b"OPTIONS", b"ACK"), "192.0.2.9", 50000) is None
    assert answer(OPTIONS.replace(b"Call-ID", b"Call"), "192.0.2.9", 50000) is None
    assert answer(b"SIP/2.0 200 OK\r\n" + OPTIONS, "192.0.2.9", 50000) is None


@given(st.binary() | st.binary().map(lambda each: OPTIONS.replace(b"1@192.0.2.1", each)))
def test_any_datagram_is_answered_or_not(told: bytes) -> None:
    answer(told, "192.0.2.9", 50000)
