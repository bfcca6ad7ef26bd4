"""Ports opened and closed on request in the lab: really signed, proven from outside; sessions go on or end."""

import json
from contextlib import ExitStack
from ipaddress import IPv6Network, ip_network
from typing import Any

import yaml
from lab_sessions import echo, talker
from labs import eventually
from signers import Signers
from sites import Site
from worlds import ROOT

REQUESTER = "contact@client.example.org"
STAYS, CLOSED, ASKED, TRANSLATED = 7000, 7001, 7002, 8443
"""Ports: one that a change leaves alone, one that it closes, two that are asked for."""


def ports_are_opened_and_closed_on_request(site: Site) -> None:
    host = f"192.168.{site.number}.20"
    with echo(site.lab, f"firewall{site.number}", STAYS, CLOSED, ASKED):
        line = _activated(site, host)
        pack, routed = _customers_addresses(site, line)
        _answer_at_the_last_as_well(site, pack, routed)
        with ExitStack() as stack:

            def sessions(port: int) -> list[Any]:
                return [stack.enter_context(talker(site.lab, "internet", each, port)) for each in (pack, routed)]

            staying, ending = sessions(STAYS), sessions(CLOSED)
            fixed = site.address()
            assert not any(_answers(site, each, ASKED) for each in (pack, routed))
            assert not _answers(site, fixed, TRANSLATED)

            opened = _asked_for(
                site, line, 1,
                open=[
                    {"ports": [f"tcp/{ASKED}"], "to": "customer_firewall"},
                    {"ports": [f"tcp/{TRANSLATED}"], "to": host, "to_port": 443},
                ],
            )  # fmt: skip
            assert eventually(lambda: all(_answers(site, each, ASKED) for each in (pack, routed)))
            assert eventually(lambda: _answers(site, fixed, TRANSLATED))
            passed = _passed(opened)
            for each in (f"tcp/{ASKED} {pack}", f"tcp/{ASKED} {routed}", f"tcp/{TRANSLATED} {fixed}"):
                assert any(each in check for check in passed), (each, sorted(passed))
            assert {f"as-before {each}" for each in (fixed, pack, routed)} <= passed
            assert {f"session-survives {each}" for each in (pack, routed)} <= passed
            assert [each.hears("after the first change") for each in staying + ending] == [
                "after the first change"
            ] * 4

            closed = _asked_for(
                site, line, 2, close=[{"ports": [f"tcp/{CLOSED}"], "to": "customer_firewall"}]
            )  # fmt: skip
            assert not any(_answers(site, each, CLOSED) for each in (pack, routed))
            passed = _passed(closed)
            assert {f"session-ended {each}" for each in (pack, routed)} <= passed
            assert {f"as-before {each}" for each in (fixed, pack, routed)} <= passed
            assert [each.hears("after the second change") for each in staying] == ["after the second change"] * 2
            assert [each.hears("is anybody there?") for each in ending] == ["dead: timed out"] * 2


def _activated(site: Site, host: str) -> str:
    form = site.write(
        formula="internet-pro-plus",
        customer={"name": "Imprimerie Exemple", "representatives": [REQUESTER]},
        options={"ip_pack": {"addresses": 8}, "standard_changes": True},
        lan={"subnet": f"192.168.{site.number}.0/24", "customer_firewall": True},
        servers=[
            {"ports": ["tcp/443"], "to": host},
            {"ports": [f"tcp/{STAYS}", f"tcp/{CLOSED}"], "to": "customer_firewall"},
        ],
    )
    answer = site.run("order", "activate", form, "--json")
    assert answer.code == 0, answer.stderr + answer.stdout
    return str(answer.json["orders"][0]["line"])


def _customers_addresses(site: Site, line: str) -> tuple[str, str]:
    """Return an address of the customer's firewall in the IP Pack, and one in the routed half."""
    told = json.loads((site.lab.proviso.state / "network" / f"{line}.json").read_text("utf-8"))
    return str(ip_network(told["ip_pack"])[2]), str(ip_network(told["ipv6"]["routed_half"])[1])


def _answer_at_the_last_as_well(site: Site, pack: str, routed: str) -> None:
    """Give the customer's firewall the last addresses that are looked at: nobody waits then for who is not there."""
    last = ip_network(f"{pack}/29", strict=False)[-2]
    block = ip_network(f"{routed}/57", strict=False)
    assert isinstance(block, IPv6Network)
    for each, device in ((f"{last}/29", "eth0"), (f"{list(block.subnets(new_prefix=64))[-1][1]}/128", "lo")):
        added = site.lab.within(f"firewall{site.number}", "ip", "address", "add", each, "dev", device)
        assert added.code == 0, added.stderr


def _asked_for(site: Site, line: str, number: int, **asked: Any) -> Any:
    """Hand a request in, have it planned, sign it, and carry it out; return what `change show` tells."""
    signers = Signers(site.folder)
    signers.allow(signers.entry("desk@isp.example", "desk"))
    given = {"PROVISO_ALLOWED_SIGNERS_FILE": str(signers.file), "PROVISO_SYSLOG": ""}
    file = site.folder / f"request-{number}.yaml"
    file.write_text(
        yaml.safe_dump({"request": f"CR-LAB-{number}", "line": line, "requester": REQUESTER, **asked}), "utf-8"
    )

    def run(*arguments: Any) -> Any:
        answer = site.run("change", *arguments, "--json", project=ROOT, **given)
        assert answer.code == 0, answer.stderr + answer.stdout
        return answer.json

    identifier = run("submit", file)["requests"][0]["id"]
    run("plan", identifier)
    run("approve", identifier, "--key", signers.key("desk"))
    run("run", identifier)
    shown = run("show", identifier)
    assert (shown["request"]["state"], shown["evidence"]["state"]) == ("done", "proven"), shown
    return shown


def _passed(shown: Any) -> set[str]:
    """Return the checks that passed; nothing that is a gate may have failed."""
    results = shown["evidence"]["verdict"]["results"]
    return {each["check"] for each in results if each["outcome"] == "passed"}


def _answers(site: Site, address: str, port: int) -> bool:
    """Return whether a port answers, seen from the internet."""
    calling = f"timeout 1 bash -c 'exec 3<>/dev/tcp/{address}/{port}'"
    return site.lab.within("internet", "sh", "-c", calling).code == 0
