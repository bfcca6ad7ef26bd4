"""How the simulator is shown."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provisioning.cli import output

STAGES = {"olts": "OLTs", "routers": "routers", "vantages": "vantage points"}

MOST_ROWS = 100
"""Hosts that are listed; of more, those at which there is something to see."""


def print_stage(stage: str, number: int) -> None:
    """Print what the start of the simulator does now."""
    output.note(f"{number} {STAGES.get(stage, stage)}")


def print_up(status: dict[str, Any], *, started: bool, seconds: float) -> None:
    """Print that the simulator is up."""
    size = f"{len(status['hosts'])} hosts, {len(status['onts'])} ONTs"
    output.say(
        f"The simulator is up after {seconds} s: {size}." if started else f"The simulator is up already: {size}."
    )
    output.say(
        "`proviso simulator status` shows it, `proviso simulator run -- COMMAND` runs a command that reaches it.",
        "dim",
    )


def print_status(folder: Path, status: dict[str, Any]) -> None:
    """Print the hosts and the ONTs that may pass something."""
    hosts = status["hosts"]
    shown = hosts if len(hosts) <= MOST_ROWS else [each for each in hosts if _is_of_interest(each)][:MOST_ROWS]
    output.print_table(
        ("host", "kind", "reached at", "sessions", "state"),
        (
            (
                each["name"],
                each["kind"],
                ", ".join(each["reached_at"]),
                str(each["connections"]),
                output.styled((_and(each["state"]), ""), (_wrong(each), "bold red"))
                if _wrong(each)
                else each["state"],
            )
            for each in shown
        ),
        right=("sessions",),
        wraps=("reached at", "state"),
    )
    if len(shown) < len(hosts):
        output.say(f"{len(hosts) - len(shown)} more hosts, at which there is nothing to see.", "dim")
    _print_onts(status["onts"])
    since = datetime.fromtimestamp(status["since"], UTC)
    output.say(f"Up since {since:%Y-%m-%d %H:%M:%S} UTC. Root's key where a host takes one: {folder / 'key'}")


def _and(state: str) -> str:
    return f"{state}, " if state else ""


def _print_onts(onts: list[dict[str, Any]]) -> None:
    passing = [each for each in onts if each["olt"]]
    dark = [each["serial"] for each in onts if not each["lit"]]
    if passing:
        output.print_table(
            ("ONT that passes", "OLT", "port", "Mbit/s down", "up"),
            ((each["serial"], each["olt"], each["port"], _rate(each["down"]), _rate(each["up"])) for each in passing),
            right=("Mbit/s down", "up"),
        )
    else:
        output.say(f"{len(onts)} ONTs, none of which may pass anything yet.")
    if dark:
        output.say(f"Without light: {', '.join(dark)}.", "yellow")


def _rate(rate: float | None) -> str:
    return "not limited" if rate is None else f"{rate:g}"


def _is_of_interest(host: dict[str, Any]) -> bool:
    return bool(host["faults"] or host["cuts"] or host["connections"] or host["state"])


def _wrong(host: dict[str, Any]) -> str:
    cuts = [f"{bearer} cut: {kind}" for bearer, kind in host["cuts"].items()]
    return ", ".join([*filter(None, [_faults(host["faults"])]), *cuts])


def _faults(faults: dict[str, Any]) -> str:
    return ", ".join(name if value is True else f"{name} {_value(value)}" for name, value in faults.items())


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def print_fault(answer: dict[str, Any]) -> None:
    """Print what is wrong with a host now."""
    if answer["kind"] == "power-loss":
        output.say(f"{answer['host']} has lost its power and is back with what it had saved.")
    elif answer["faults"]:
        output.say(f"{answer['host']}: {_faults(answer['faults'])}.")
        # What was just ended is not to be ended again.
        kind = answer["kind"] if answer["kind"] in answer["faults"] else next(iter(answer["faults"]))
        output.say(f"`proviso simulator fault {answer['host']} {kind} --clear` ends {kind}.", "dim")
    else:
        output.say(f"Nothing is wrong with {answer['host']}.")
