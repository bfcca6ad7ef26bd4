"""Bearer reports to try decisions with: of a line that does well, and changed as a case says."""

from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from provisioning.model.bearer import (
    Bearer,
    BearerEvent,
    BearerEventKind,
    BearerName,
    BearerReport,
    CurrentDrill,
    Cut,
    Neighbourship,
    Radio,
)


def well() -> dict[str, Any]:
    """Return the plain data of a report in which all is well."""
    sessions = [{"family": family, "bgp": True, "bfd": True, "up_seconds": 4000.0} for family in (4, 6)]
    own = ["192.0.2.1/32", "3fff:1::/56"]
    bearer = {"link_up": True, "received_bytes": 5000, "sent_bytes": 4000, "announced": own}
    radio = {"sim": "ready", "technology": "LTE", "signal_dbm": -87, "network": "Example", "cell": "26202-1"}
    return {
        "clock": 4100.5,
        "fixed": {**bearer, "interface": "wan0", "neighbourships": sessions, "radio": None},
        "mobile": {**bearer, "interface": "wwan0", "neighbourships": sessions, "radio": radio},
        "in_use": {4: "fixed", 6: "fixed"},
        "hold_left": None,
        "voice_off": True,
        "drill": None,
        "events": [],
    }


def report(**changed: Any) -> BearerReport:
    """Return a report; what is `changed` takes the place of what is well, block by block."""
    data = _merged(well(), changed)
    drill = data["drill"]
    return BearerReport(
        clock=data["clock"],
        fixed=_bearer(BearerName.FIXED, data["fixed"]),
        mobile=_bearer(BearerName.MOBILE, data["mobile"]),
        in_use={family: BearerName(name) if name else None for family, name in data["in_use"].items()},
        hold_left=data["hold_left"],
        voice_off=data["voice_off"],
        drill=CurrentDrill(drill["token"], Cut(drill["cut"]), drill["seconds_left"]) if drill else None,
        events=tuple(
            BearerEvent(each["number"], each["uptime"], BearerEventKind(each["kind"]), BearerName(each["bearer"]))
            for each in data["events"]
        ),
    )


def _bearer(name: BearerName, data: Mapping[str, Any]) -> Bearer:
    radio, announced = data["radio"], data["announced"]
    return Bearer(
        name=name,
        interface=data["interface"],
        link_up=data["link_up"],
        neighbourships=tuple(Neighbourship(**each) for each in data["neighbourships"]),
        received_bytes=data["received_bytes"],
        sent_bytes=data["sent_bytes"],
        radio=Radio(**radio) if radio else None,
        announced=tuple(map(ip_network, announced)) if announced is not None else None,
    )


def _merged(whole: Mapping[Any, Any], changed: Mapping[Any, Any]) -> dict[Any, Any]:
    merged = dict(whole)
    for key, value in changed.items():
        known = merged.get(key)
        merged[key] = _merged(known, value) if isinstance(known, dict) and isinstance(value, Mapping) else value
    return merged
