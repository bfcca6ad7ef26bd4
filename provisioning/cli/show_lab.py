"""How the lab is shown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioning.cli import output

if TYPE_CHECKING:
    from provisioning.stands.lab.capabilities import Capability
    from provisioning.stands.lab.packages import Package

STAGES = {"nodes": "nodes", "links": "links", "boot": "nodes boot", "routing": "routers find each other"}


def print_stage(stage: str, number: int) -> None:
    """Print what the start of the lab does now."""
    output.note(f"{number} {STAGES[stage]}")


def print_up(status: dict[str, Any], *, started: bool, seconds: float) -> None:
    """Print that the lab is up."""
    nodes = status["nodes"]
    cpes = sum(1 for each in nodes if each["kind"] == "cpe")
    size = f"{len(nodes)} nodes, {cpes} of them CPEs"
    output.say(f"The lab is up after {seconds} s: {size}." if started else f"The lab is up already: {size}.")
    output.say("`proviso lab status` shows it, `proviso lab run -- COMMAND` runs a command in its NOC.", "dim")


def print_status(folder: Path, status: dict[str, Any]) -> None:
    """Print the nodes."""
    output.print_table(
        ("node", "kind", "serial", "reached at", "state"),
        (
            *(
                (each["name"], each["kind"], each["serial"] or "", each["reached_at"] or "", _state(each))
                for each in status["nodes"]
            ),
            *((each["name"], "OLT", "", each["address"], _state({**each, "cuts": []})) for each in status["olts"]),
        ),
        wraps=("kind",),
    )
    if fibres := [each for each in status["network"]["fibres"] if each["line"]]:
        output.print_table(
            ("fibre of", "line", "ONT", "on", "passes"),
            ((each["cpe"], each["line"], each["ont"], _place(each), _speed(each)) for each in fibres),
            wraps=("on",),
        )
    since = datetime.fromtimestamp(status["since"], UTC)
    key = folder / "key"
    output.say(f"Up since {since:%Y-%m-%d %H:%M:%S} UTC. Root's key where a node can be reached: {key}")


def _place(fibre: dict[str, Any]) -> str:
    return f"{fibre['olt']} {fibre['port']}" if fibre["passes"] else ""


def _speed(fibre: dict[str, Any]) -> object:
    if not fibre["passes"]:
        return output.styled(("nothing", "yellow"))
    down, up = ("unlimited" if each is None else f"{each:g}" for each in (fibre["down"], fibre["up"]))
    return f"{down}/{up} Mbit/s"


def _state(node: dict[str, Any]) -> object:
    if not node["running"]:
        return output.styled(("ended", "bold red"))
    cuts = ", ".join(f"{each['bearer']} {each['kind']}" for each in node["cuts"])
    return output.styled((f"cut off: {cuts}", "yellow")) if cuts else "running"


def print_packages(packages: "Sequence[Package]") -> None:
    """Print what is to be installed."""
    if not packages:
        output.say("Everything that the lab needs is installed.")
        return
    output.print_table(
        ("package", "for", "the lab needs it"),
        ((each.name, each.purpose, "to come up" if each.needed else "for what runs on it") for each in packages),
        wraps=("for",),
    )
    if services := [each.service for each in packages if each.service]:
        output.say(
            f"Not started now, but at the next boot of this machine: {', '.join(services)}. To prevent that:", "dim"
        )
        output.say(f"  systemctl disable {' '.join(services)}", "dim")


def print_capabilities(found: "Sequence[Capability]", obstacles: "Sequence[Capability]") -> None:
    """Print what the machine can do, and what to do where the lab cannot run."""
    output.print_table(
        ("", "what", "for", "why"),
        ((_sign(each), each.name, each.purpose, each.reason) for each in found),
        wraps=("for", "why"),
    )
    if not obstacles:
        output.say("The lab can run here.", "green")
        return
    output.say("The lab cannot run here:", "bold red")
    for each in obstacles:
        output.say(f"  {each.name}: {each.reason}")
        if each.remedy:
            output.say(f"    what to do: {each.remedy}")


def _sign(capability: "Capability") -> object:
    if capability.able:
        return output.styled(("yes", "green"))
    word = "?" if capability.able is None else "no"
    return output.styled(
        (f"{word}, needed" if capability.needed else word, "bold red" if capability.needed else "dim")
    )
