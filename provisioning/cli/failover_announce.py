"""`proviso failover announce`, `announcements`, `withdraw`: what customers are told of drills."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.announced_period import announced_period
from provisioning.cli.options import JsonOption, complete_announcement, complete_line
from provisioning.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from provisioning.model.drill import Announcement
    from provisioning.workflows.announce_drill import Announced

app = typer.Typer(rich_markup_mode=None)


class Language(StrEnum):
    """Languages of messages."""

    ENGLISH = "en"
    FRENCH = "fr"
    DUTCH = "nl"


@app.command("announce")
def announce(
    line: Annotated[
        list[str], typer.Argument(metavar="LINE", help="Lines that may be drilled.", autocompletion=complete_line)
    ],
    opens: Annotated[
        str, typer.Option("--from", metavar="MOMENT", help="Begin of the period, such as 2026-12-01T22:00.")
    ],
    closes: Annotated[str, typer.Option("--until", metavar="MOMENT", help="Its end; no drill lasts longer.")],
    agreed_with: Annotated[
        str, typer.Option("--with", metavar="NAME", help="The customer's representative who agreed (facts: I-8.6).")
    ] = "",
    language: Annotated[Language, typer.Option(help="Language of the message.")] = Language.ENGLISH,
    json: JsonOption = False,
) -> None:
    """Tell customers of a period in which their mobile back-ups may be drilled; the message for each is written.

    A drill begins no earlier than setting drill_notice_hours after this. Moments are contract time, or have an offset.
    Announced again, the same period stays as it was told first.

    \b
    Examples:
      proviso failover announce L-1 --from 2026-12-01T22:00 --until 2026-12-02T02:00
      proviso failover announce L-1 L-2 --from 2026-12-01T22:00 --until 2026-12-01T23:00 --language fr
      proviso failover announce L-1 --from … --until … --with ict@example.com
    """
    from provisioning.workflows.announce_drill import announce_drills

    found = announce_drills(
        line,
        _moment(opens, "--from"),
        _moment(closes, "--until"),
        surroundings.surroundings(create=True),
        agreed_with=agreed_with.strip(),
        language=language.value,
    )
    if json:
        output.print_json({"announcements": [_told(each) for each in found]})
        return
    for each in found:
        number, told = each.announcement.number, each.announcement
        word = "known" if each.known else "announced"
        output.print_line(
            (f"{word:<10}", "green"), (told.line, "bold"), (f"  announcement {number}: {announced_period(told)}", "")
        )
        output.say(f"  message: {each.message}")
        if not each.early_enough:
            output.note(f"{told.line}: the period opens before the notice is over, and is drilled in only after it.")


@app.command("announcements")
def announcements(
    line: Annotated[
        str | None, typer.Argument(metavar="LINE", help="Only of this line.", autocompletion=complete_line)
    ] = None,
    all_of_them: Annotated[bool, typer.Option("--all", help="Those that are over or withdrawn, too.")] = False,
    json: JsonOption = False,
) -> None:
    """List the periods that customers were told of, by when they open.

    \b
    Examples:
      proviso failover announcements
      proviso failover announcements L-1 --all --json
    """
    from provisioning.store import announcements as stored
    from provisioning.store import lines

    around = surroundings.surroundings()
    with around.store.read() as connection:
        if line is not None:
            lines.need_line(connection, line)
        after = None if all_of_them else around.clock.now()
        found = stored.list_announcements(connection, line=line, ends_after=after, withdrawn=all_of_them)
    if json:
        output.print_json({"announcements": found})
    elif not found:
        output.say("No drill is announced: `proviso failover announce LINE --from … --until …` tells a customer.")
    else:
        _print(found)


@app.command("withdraw")
def withdraw(
    number: Annotated[
        int,
        typer.Argument(metavar="NUMBER", help="Of the announcement.", min=1, autocompletion=complete_announcement),
    ],
    json: JsonOption = False,
) -> None:
    """Withdraw an announcement: no drill rests on it any more, and a message tells the customer.

    \b
    Examples:
      proviso failover withdraw 3
    """
    from provisioning.workflows.announce_drill import withdraw_drill

    found = withdraw_drill(number, surroundings.surroundings())
    if json:
        output.print_json(_told(found))
        return
    word = "known" if found.known else "withdrawn"
    told = f"  announcement {number}: {announced_period(found.announcement)}"
    output.print_line((f"{word:<10}", "yellow"), (found.announcement.line, "bold"), (told, ""))
    output.say(f"  message: {found.message}")


def _moment(written: str, where: str) -> "datetime":
    from provisioning.changes.moments import NoMoment, read_moment

    try:
        return read_moment(written)
    except NoMoment as error:
        raise BadInput(error.reason, where=where, remedy=error.remedy) from None


def _print(found: "Sequence[Announcement]") -> None:
    taken_back = any(each.withdrawn_at is not None for each in found)
    output.print_table(
        ("number", "line", "period (Brussels)", "told (UTC)", "agreed with", *(["withdrawn (UTC)"] * taken_back)),
        (
            (
                each.number,
                each.line,
                announced_period(each),
                f"{each.told_at:%m-%d %H:%M}",
                each.agreed_with,
                *([f"{each.withdrawn_at:%m-%d %H:%M}" if each.withdrawn_at is not None else ""] * taken_back),
            )
            for each in found
        ),
        right=("number",),
        wraps=("agreed with",),
    )


def _told(found: "Announced") -> dict[str, object]:
    return {
        "announcement": found.announcement,
        "message": str(found.message),
        "early_enough": found.early_enough,
        "known": found.known,
    }
