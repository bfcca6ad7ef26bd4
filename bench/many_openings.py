"""What 2,000 openings on one line cost: judged, rendered and planned once one more is opened, on both platforms."""

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from forms import FormData, typed
from iosxe_renderings import SECRETS as IOS_SECRETS
from renderings import SECRETS, TEMPLATES, example, operator

from provisioning.expecting.expect import expect
from provisioning.intent import intend
from provisioning.model.config import Config
from provisioning.model.device import Running
from provisioning.model.intent import AddressedIntent
from provisioning.orders.check import check_whole
from provisioning.planning.plan import plan
from provisioning.rendering.render import render

OPENINGS = 2000
TODAY = date(2026, 11, 23)


def form(platform: str, count: int, *, limited: bool, to_hosts: bool) -> FormData:
    """Return an order with so many openings, half of them to LAN hosts where the platform can."""
    servers: list[dict[str, Any]] = []
    for number in range(count):
        ports = [f"tcp/{10_000 + 2 * number}"]
        sources = {"from": [f"198.51.{number % 250}.0/24", f"203.0.{number % 250}.7"]} if limited else {}
        host = f"192.168.1.{10 + number % 200}" if to_hosts and number % 2 else "customer_firewall"
        servers.append({"ports": ports, "to": host, **sources})
    return {
        "order": "PX-2026-000900",
        "customer": {"name": "Imprimerie Exemple"},
        "site": {"address": "1 Rue Exemple, 1000 Bruxelles", "mobile_coverage": "good"},
        "formula": "internet-pro-plus",
        "options": {"ip_pack": {"addresses": 8}},
        "lan": {"customer_firewall": True},
        "cpe": {"platform": platform, "serial": "LX0900"},
        "servers": servers,
    }


def addressed(data: FormData, line: AddressedIntent) -> AddressedIntent:
    """Judge a form, and return what its line does, at the addresses of another."""
    judged = check_whole(typed(data), TODAY, sold=None)
    assert judged.product is not None, judged.findings
    intent = intend(judged.product, "L-1")
    return AddressedIntent(intent, line.fixed_ipv4, line.ip_pack, line.ipv6, line.management, None)


def config(line: AddressedIntent) -> Config:
    """Return the documents of a line."""
    secrets = IOS_SECRETS if line.intent.cpe and line.intent.cpe.platform == "cisco_iosxe" else SECRETS
    rendered = render(line, operator(), secrets, TEMPLATES)
    assert isinstance(rendered, Config)
    return rendered


def cost(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the milliseconds of CPU of a call, and what it returned; everything is imported, nothing else is warm."""
    begun = time.process_time()
    found = action()
    return (time.process_time() - begun) * 1000, found


def measure(platform: str, like: str, *, limited: bool, to_hosts: bool, count: int = OPENINGS) -> str:
    """Open one more port on a line that has many, and return what that cost."""
    line = example(like)
    before, after = (form(platform, count + more, limited=limited, to_hosts=to_hosts) for more in (0, 1))
    running_config = config(addressed(before, line))
    documents = {each.name: each.reveal() for each in running_config.documents}
    from provisioning.platforms.routers import ROUTERS

    running = Running(ROUTERS[platform].digest(documents), documents)
    judge, made = cost(lambda: addressed(after, line))
    rendering, wanted = cost(lambda: config(made))
    planning, change = cost(lambda: plan("LX0900", running, wanted, seconds=120))
    checks, expectation = cost(lambda: expect(made, operator(), {}))
    assert change.commands
    whole = judge + rendering + planning
    return (
        f"{platform}, {count + 1} openings{', from two networks each' if limited else ''}: {whole:.0f} ms CPU "
        f"(judged {judge:.0f}, rendered {rendering:.0f}, planned {planning:.0f}); "
        f"{len(expectation.checks)} checks in {checks:.0f} ms\n"
    )


def main() -> None:
    """Measure both platforms, openings for everybody and for some."""
    # What only a first call pays, such as importing hier_config: bench/plan_iosxe.py measures that.
    for platform, like in (("linux_cpe", "internet-pro-plus"), ("cisco_iosxe", "internet-pro-plus-cisco")):
        measure(platform, like, limited=True, to_hosts=False, count=2)
    for limited in (False, True):
        sys.stdout.write(measure("linux_cpe", "internet-pro-plus", limited=limited, to_hosts=True))
        sys.stdout.write(measure("cisco_iosxe", "internet-pro-plus-cisco", limited=limited, to_hosts=False))


if __name__ == "__main__":
    main()
