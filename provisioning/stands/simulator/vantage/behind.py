"""What those behind a router see: a new host on the LAN, and the customer's own firewall."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network

from provisioning.stands.simulator.customer_router import CustomerRouter
from provisioning.stands.simulator.lines import Address
from provisioning.stands.simulator.network import OperatorNetwork
from provisioning.stands.simulator.outcomes import OPEN, Arrival
from provisioning.stands.simulator.packets import LAN, LOCAL, TCP, UDP, Packet

CLIENT = 0x1A
"""Where in a pool the new host's address lies, for servers that go by its MAC address."""

INTERFACE_ID = 0x0200_00FF_FE00_5A17
RESOLVERS: tuple[Address, ...] = (ip_address("198.18.1.53"), ip_address("3fff:0:1::53"))
TELEPHONES = ("198.18.2.10", "3fff:0:2::10")
TELEPHONY = {"sip": 5060, "media": 16384}
"""Hosts of telephony, and the ports on which they answer."""

UNLIMITED_MBIT = 940.0
"""What a gigabit port carries of TCP."""

TCP_SHARE = 0.955
"""Of a line's rate that TCP carries: headers, acknowledgements, a shaper's start."""

STEP = 0.25
TIMED_OUT = "timed out"

Request = Mapping[str, object]
Seen = dict[str, object]


class Behind:
    """Looks from behind a router.

    Args:
        place: `lan` or `firewall`.
        cpe: serial of the router, or of one that stood there before it.
    """

    def __init__(self, network: OperatorNetwork, place: str, cpe: str) -> None:
        self._network = network
        self._place = place
        self._cpe = cpe

    @property
    def _router(self) -> CustomerRouter:
        return self._network.standing(self._cpe)

    # --- a new host on the LAN ---

    def new_host(self, request: Request) -> Seen:
        """Be a new host on the LAN, and do what is asked for."""
        self._router.tick()
        lease = self._lease()
        seen: Seen = {"lease": lease}
        own = str(lease.get("address", ""))
        wanted = request["do"]
        for what in wanted if isinstance(wanted, list) else []:
            match what:
                case "nat":
                    seen[what] = self._greet(request, "4", own, str(lease.get("router", "")))
                case "slaac":
                    seen[what] = self._slaac(request)
                case "dns":
                    seen[what] = self._resolve(request, own)
                case "spoof":
                    seen[what] = self._spoof(request, [own, *self._made_addresses()[:1]])
                case "voice":
                    seen[what] = self._voice(request, own)
                case "throughput":
                    seen[what] = self._throughput(request, own, str(lease.get("router", "")))
        return seen

    def _lease(self) -> Seen:
        lease = self._router.lease(CLIENT)
        if lease is None:
            return {"error": "no server made an offer"}
        return {
            "address": lease.address,
            "prefix": lease.prefix,
            "router": lease.router,
            "resolvers": list(lease.resolvers),
            "server": lease.server,
        }

    def _made_addresses(self) -> list[str]:
        some = [each for each in self._router.advertised() if each.prefixlen == 64]
        return [str(each.network_address + INTERFACE_ID) for each in dict.fromkeys(some)]

    def _slaac(self, request: Request) -> Seen:
        found = self._made_addresses()
        if not found:
            return {"addresses": [], "error": "no prefix was advertised"}
        return {"addresses": found, **self._greet(request, "6", found[0], None)}

    def _resolve(self, request: Request, own: str) -> Seen:
        name, resolver = str(request["name"]), str(request["resolver"])
        silent: Seen = {"name": name, "error": "no answer"}
        if not own or not resolver:
            return silent
        packet = _packet(UDP, own, resolver, 53)
        passage = self._router.forward(packet, LAN)
        if passage.where != LOCAL or not self._router.answers(passage):
            return silent
        if not self._router.listens("udp", resolver, 53, LAN):
            return silent
        told = self._router.name_servers()
        asked = [each for each in RESOLVERS if str(each) in told]
        if any(self._network.call_from(self._router, "udp", each, 53) for each in asked):
            return {"name": name, "rcode": 0, "answers": 1}
        return {"name": name, "rcode": 5, "answers": 0} if not told else silent

    def _voice(self, request: Request, own: str) -> Seen:
        targets = request["voice"]
        made = (*self._made_addresses(), "")[0]
        asked: list[Seen] = []
        for each in map(str, targets if isinstance(targets, list) else []):
            source = made if ":" in each else own
            if not source:
                asked.append({"address": each, "error": "no address to ask from"})
            else:
                told = {name: self._answers(source, each, port) for name, port in TELEPHONY.items()}
                asked.append({"address": each, "from": source, **told})
        return {"asked": asked}

    def _answers(self, own: str, target: str, port: int) -> bool:
        called = self._network.call_out(self._router, _packet(UDP, own, target, port), LAN)
        return called.state == OPEN and target in TELEPHONES

    def _throughput(self, request: Request, own: str, gateway: str) -> Seen:
        greeted = self._greet(request, "4", own, gateway)
        if "error" in greeted:
            return {"error": str(greeted["error"])}
        seconds = float(str(request["seconds"]))
        down, up = self._network.rate(self._router)
        return {"down": _measured(down, seconds), "up": _measured(up, seconds)}

    # --- the customer's firewall ---

    def firewall(self, request: Request) -> Seen:
        """Call out with each own address, and send from addresses that are not the line's."""
        self._router.tick()
        line = self._network.lines.of(self._router.name)
        wanted = request["within"]
        within = [ip_network(str(each)) for each in wanted] if isinstance(wanted, list) else []
        own = [each for each in (line.firewall if line is not None else ()) if any(each in one for one in within)]
        tries = []
        for each in own:
            gateway = next((str(one) for one in line.gateways if one.version == each.version), "") if line else ""
            tries.append(self._greet(request, str(each.version), str(each), gateway))
        return {"tries": tries, "spoof": self._spoof(request, [str(each) for each in own])}

    # --- both ---

    def _greet(self, request: Request, version: str, own: str, gateway: str | None) -> Seen:
        """Call the greeter on the internet, and return as whom it saw us.

        Args:
            gateway: that we were told; None where advertisements tell it.
        """
        greeter = request["greeter"]
        target = greeter.get(version) if isinstance(greeter, Mapping) else None
        if not isinstance(target, list) or target[1] is None:
            return {"address": own, "error": f"nobody to call by IPv{version}"}
        if not own or gateway == "":
            return {"address": own, "error": "[Errno 101] Network is unreachable"}
        if gateway is not None and not self._router.owns(gateway):
            return {"address": own, "error": TIMED_OUT}
        outcome = self._network.call_out(self._router, _packet(TCP, own, str(target[0]), int(target[1])), LAN)
        if outcome.state != OPEN:
            return {"address": own, "error": TIMED_OUT}
        return {"address": own, "seen_as": outcome.seen_as}

    def _spoof(self, request: Request, own: list[str]) -> Seen:
        wanted = request["spoof"]
        if not isinstance(wanted, Mapping):
            return {"sent": [], "controls": []}
        targets, port = wanted["targets"], int(wanted["port"])
        sent = [str(each) for each in wanted["sources"] if self._send_from(str(each), targets, port)]
        controls = [each for each in own if each and self._send_from(each, targets, port)]
        return {"sent": sent, "controls": controls}

    def _send_from(self, source: str, targets: Mapping[str, str], port: int) -> bool:
        """Send datagrams; return whether they were sent at all, whatever becomes of them."""
        version = str(ip_address(source).version)
        if version not in targets:
            return False
        target = str(targets[version])
        passage = self._router.forward(_packet(UDP, source, target, port), LAN)
        if self._network.takes(self._router, passage):
            length = 4 if passage.packet.version == 4 else 16
            seen_as = ip_address(passage.packet.source.to_bytes(length, "big"))
            caller = f"{seen_as} {passage.packet.source_port}"
            self._network.note((Arrival("internet", "udp", caller, target, port),))
        return True


def _packet(protocol: int, own: str, target: str, port: int) -> Packet:
    source = ip_address(own)
    return Packet(source.version, protocol, int(source), int(ip_address(target)), 45678, port)


def _measured(rate: float | None, seconds: float) -> Seen:
    mbit = round(min(UNLIMITED_MBIT, rate * TCP_SHARE) if rate is not None else UNLIMITED_MBIT, 2)
    count = max(1, int(seconds / STEP))
    return {"mbit": mbit, "points": [[round(STEP * each, 2), mbit] for each in range(1, count + 1)]}
