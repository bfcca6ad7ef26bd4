"""`proviso failover incidents`, `incident show`, `stop-clock`, `resume-clock`: what happened, and its times."""

from typing import Annotated

import typer

from provisioning.cli import output, show_incident, surroundings
from provisioning.cli.options import JsonOption, LinesArgument, complete_incident, complete_open_incident

app = typer.Typer(rich_markup_mode=None)
one = typer.Typer(help="One incident.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(one, name="incident")

MOST_SHOWN = 200


IncidentArgument = Annotated[
    str, typer.Argument(metavar="INCIDENT", help="Id of the incident.", autocompletion=complete_incident)
]
OpenIncidentArgument = Annotated[
    str, typer.Argument(metavar="INCIDENT", help="Id of the incident.", autocompletion=complete_open_incident)
]


@app.command("incidents")
def list_incidents(
    line: LinesArgument = None,
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not closed.")] = False,
    json: JsonOption = False,
) -> None:
    """List incidents of mobile back-ups, the newest first, with the time until which each is to be over.

    \b
    Examples:
      proviso failover incidents
      proviso failover incidents L-1 --open
      proviso failover incidents --json
    """
    from provisioning.store import incidents, lines

    around = surroundings.surroundings()
    with around.store.read() as connection:
        for each in line or []:
            lines.need_line(connection, each)
        limit = None if output.JSON_MODE.get() else MOST_SHOWN
        found = incidents.list_incidents(connection, lines=line or [], only_open=only_open, limit=limit)
    show_incident.show_incidents(found, around.clock.now(), only_open=only_open)


@one.command("show")
def show(incident: IncidentArgument, json: JsonOption = False) -> None:
    """Show one incident: what was seen, its window, its target, and the times that do not count.

    \b
    Examples:
      proviso failover incident show F-1
      proviso failover incident show F-1 --json
    """
    from provisioning.store import incidents

    around = surroundings.surroundings()
    with around.store.read() as connection:
        found = incidents.need_incident(connection, incident)
    show_incident.show_incident(found, around.clock.now())


@app.command("stop-clock")
def stop_clock(
    incident: OpenIncidentArgument,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="What delays the repair: it stands in the audit.")
    ],
    json: JsonOption = False,
) -> None:
    """Begin a time that does not count for an incident (facts: I-9.2).

    That is a delay by the customer, a third party or force majeure, and planned works. The customer is told of it
    (facts: I-9.1). Until the clock goes on, the incident has no time until which it is to be over.

    \b
    Examples:
      proviso failover stop-clock F-1 --reason "nobody is at the site until Monday"
    """
    from provisioning.workflows import incidents

    around = surroundings.surroundings()
    show_incident.show_incident(incidents.stop_clock(incident, reason, around), around.clock.now())


@app.command("resume-clock")
def resume_clock(incident: OpenIncidentArgument, json: JsonOption = False) -> None:
    """Let the clock of an incident go on: it is to be over later by what did not count.

    \b
    Examples:
      proviso failover resume-clock F-1
    """
    from provisioning.workflows import incidents

    around = surroundings.surroundings()
    show_incident.show_incident(incidents.resume_clock(incident, around), around.clock.now())
