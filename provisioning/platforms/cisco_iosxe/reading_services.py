"""Reads from a configuration what a router serves and how it reaches the internet: DHCP, DNS, Wi-Fi, PPP, BGP."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network

from provisioning.model.intent import DhcpRange
from provisioning.model.read_intent import Known, ReadBgp, ReadPpp, ReadWifi, Unread
from provisioning.platforms.cisco_iosxe.canonical import RUNNING_CONFIG
from provisioning.platforms.cisco_iosxe.customer_settings import read_customer_settings
from provisioning.platforms.cisco_iosxe.said import Interface, Said, every, first, top

_EXCLUDED = r"ip dhcp excluded-address ([0-9.]+)(?: ([0-9.]+))?"
_NETWORK = r"network ([0-9.]+) (/?[0-9.]+)(?: .*)?"


def read_dhcp(
    commands: tuple[Said, ...], lan: IPv4Network | None
) -> tuple[tuple[Known[DhcpRange], ...], tuple[Unread, ...]]:
    """Return what is lent on the LAN: a pool's network without what is excluded."""
    pools = [
        (said, _pool(found[1], found[2]))
        for said, found in every(commands, _NETWORK)
        if said.path and said.path[0].lower().startswith("ip dhcp pool ")
    ]
    ranges: list[Known[DhcpRange]] = []
    unread: list[Unread] = []
    excluded = tuple(_excluded(top(commands)))
    seen: set[IPv4Network] = set()
    for said, network in pools:
        if network in seen:
            continue
        if network is None or network != lan:
            unread.append(Unread(said.place, "DHCP", "a pool of another network than the LAN"))
            continue
        seen.add(network)
        ranges += [Known(each, said.place) for each in _lent(network, excluded)]
    return tuple(ranges), tuple(unread)


def _pool(address: str, mask: str) -> IPv4Network | None:
    try:
        return IPv4Network(f"{address}/{mask.removeprefix('/')}")
    except ValueError:
        return None


def _excluded(outer: tuple[Said, ...]) -> Iterator[tuple[int, int]]:
    for _, found in every(outer, _EXCLUDED):
        try:
            start = IPv4Address(found[1])
            yield int(start), int(IPv4Address(found[2])) if found[2] else int(start)
        except ValueError:
            continue


def _lent(network: IPv4Network, excluded: Iterable[tuple[int, int]]) -> Iterator[DhcpRange]:
    start, end = int(network.network_address) + 1, int(network.broadcast_address) - 1
    for low, high in sorted(excluded):
        if high < start or low > end:
            continue
        if start < low:
            yield DhcpRange(IPv4Address(start), IPv4Address(low - 1))
        start = max(start, high + 1)
    if start <= end:
        yield DhcpRange(IPv4Address(start), IPv4Address(end))


def read_resolvers(commands: tuple[Said, ...]) -> tuple[Known[str], ...]:
    """Return whom the router asks for names."""
    found = every(top(commands), r"ip name-server (?:vrf \S+ )?(.+)")
    return tuple(Known(each, said.place) for said, match in found for each in match[1].split())


def read_wifi(text: str, commands: tuple[Said, ...]) -> tuple[Known[ReadWifi] | None, tuple[Unread, ...]]:
    """Return the Wi-Fi network; None where it is off, or where it cannot be read, which is told."""
    under = _under(commands)
    networks = [
        said
        for said, found in every(top(commands), r"(?:wlan \S+ \d+ .+|dot11 ssid .+)")
        if first(under.get(said.text, ()), "no shutdown") or found[0][:5] == "dot11"
    ]
    settings = read_customer_settings({RUNNING_CONFIG: text})
    if settings is None:
        reason = "no SSID or key in a form that Proviso writes; an encrypted key cannot be read back"
        return None, tuple(Unread(each.place, "Wi-Fi", reason) for each in networks)
    here = next((each for each in networks if each.text.startswith("wlan PROVISO ")), networks[0])
    inside = under.get(here.text, ())
    wpa3 = first(inside, "security wpa wpa3") is not None
    wpa2 = first(inside, "no security wpa wpa2") is None
    security = {(True, True): "wpa2-wpa3", (True, False): "wpa2", (False, True): "wpa3"}.get((wpa2, wpa3), "")
    others = tuple(Unread(each.place, "Wi-Fi", "a further network") for each in networks if each is not here)
    return Known(ReadWifi(settings.ssid, settings.channel, security, settings.key), here.place), others


def _under(commands: tuple[Said, ...]) -> dict[str, list[Said]]:
    """Return what stands in each section."""
    found: dict[str, list[Said]] = defaultdict(list)
    for each in commands:
        if len(each.path) == 1:
            found[each.path[0]].append(each)
    return found


def read_ppp(known: tuple[Interface, ...]) -> Known[ReadPpp] | None:
    """Return the name by which a PPP connection logs in (facts: I-8.3)."""
    for interface in known:
        for pattern in (r"ppp chap hostname (\S+)", r"ppp pap sent-username (\S+)(?: .*)?"):
            if found := interface.find(pattern):
                return Known(ReadPpp(interface.name, found[1][1]), found[0].place)
    return None


def read_bgp(commands: tuple[Said, ...]) -> Known[ReadBgp] | None:
    """Return what is said of BGP."""
    begins = first(top(commands), r"router bgp (\d{1,10})")
    if begins is None:
        return None
    inside = (each for each in commands if each.path == (begins[0].text,))
    neighbours = tuple(f"{found[1]} AS {found[2]}" for _, found in every(inside, r"neighbor (\S+) remote-as (\S+)"))
    return Known(ReadBgp(int(begins[1][1]), neighbours), begins[0].place)
