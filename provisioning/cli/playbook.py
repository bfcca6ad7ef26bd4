"""`proviso playbook`: the steps by which changes are carried out."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption, describe
from provisioning.errors import ExitCode, ProvisoError

if TYPE_CHECKING:
    from provisioning.playbooks.load import Checked

app = typer.Typer(
    help="Playbooks: the steps by which changes are carried out.", no_args_is_help=True, rich_markup_mode=None
)


def complete_playbook(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the playbooks of the project whose name begins so, with what they do."""
    from provisioning.playbooks.load import check_folder

    with suppress(ProvisoError):
        for each in check_folder(_folder()):
            if each.name.startswith(incomplete):
                yield each.name, describe(each.playbook.title if each.playbook else "wrong")


@app.command("list")
def list_playbooks(json: JsonOption = False) -> None:
    """List the playbooks of the project.

    \b
    Examples:
      proviso playbook list
      proviso playbook list --json
    """
    from provisioning.playbooks.load import check_folder

    folder = _folder()
    found = check_folder(folder, revert_seconds=surroundings.settings().revert_seconds)
    if json:
        output.print_json({"folder": str(folder), "playbooks": [_data(each) for each in found]})
        return
    if not found:
        output.say(f"There are no playbooks in {folder}: `proviso init DIR` copies the shipped ones.")
        return
    output.print_table(("playbook", "for", "steps", "what it does"), map(_row, found), right=["steps"], wraps=_WRAPS)
    if any(each.problems for each in found):
        output.note("`proviso playbook check` tells all that is wrong.")


_WRAPS = ("for", "what it does")


@app.command("show")
def show_playbook(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the playbook.", autocompletion=complete_playbook)
    ],
    json: JsonOption = False,
) -> None:
    """Show a playbook: its steps, and what each does.

    \b
    Examples:
      proviso playbook show open-port
      proviso playbook show open-port --json
    """
    from provisioning.playbooks.load import load_playbook
    from provisioning.playbooks.tasks import TASKS

    found = load_playbook(_folder(), name, revert_seconds=surroundings.settings().revert_seconds)
    if json:
        output.print_json({"playbook": found})
        return
    output.print_facts(
        [
            ("playbook", found.name),
            ("title", found.title),
            ("for", ", ".join(found.actions)),
            ("file", found.source),
            ("digest", found.digest),
        ]
    )
    rows = [
        (number, step.name, _said(step.task, step.settings), TASKS[step.task].does)
        for number, step in enumerate(found.steps, 1)
    ]
    output.print_table(("", "step", "task", "what it does"), rows, right=[""], wraps=("step", "task", "what it does"))


@app.command("check")
def check_playbooks(
    file: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Files, or names of playbooks of the project; all of these without.",
            autocompletion=complete_playbook,
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check playbooks: all that is wrong with them, with line, reason and remedy.

    \b
    Examples:
      proviso playbook check
      proviso playbook check our-open-port
      proviso playbook check drafts/our-open-port.yaml --json
    """
    from provisioning.playbooks.load import check_file, check_folder

    folder, seconds = _folder(), surroundings.settings().revert_seconds
    if file:
        found = tuple(check_file(_path(each, folder), revert_seconds=seconds) for each in file)
    else:
        found = check_folder(folder, revert_seconds=seconds)
    wrong = [each for each in found if each.problems]
    if json:
        output.print_json({"playbooks": [_data(each) for each in found], "wrong": len(wrong)})
    elif not found:
        output.say(f"There are no playbooks in {folder}: `proviso init DIR` copies the shipped ones.")
    else:
        _tell(found)
    surroundings.finish(ExitCode.BAD_INPUT if wrong else ExitCode.DONE)


@app.command("tasks")
def list_tasks(json: JsonOption = False) -> None:
    """List the tasks that a playbook may be made of.

    \b
    Examples:
      proviso playbook tasks
      proviso playbook tasks --json
    """
    from provisioning.playbooks.tasks import TASKS

    if json:
        output.print_json(
            {
                "tasks": [
                    {
                        "task": task.name,
                        "does": task.does,
                        "phase": task.phase.name.lower() if task.phase else None,
                        "after": task.after,
                        "needed": task.needed,
                        "needed_for": sorted(task.needed_for),
                        "repeats": task.repeats,
                        "settings": {
                            key: {"does": each.does, "takes": each.takes, "default": each.default}
                            for key, each in task.settings.items()
                        },
                    }
                    for task in TASKS.values()
                ]
            }
        )
        return
    rows = []
    for task in TASKS.values():
        needed = "always" if task.needed else ", ".join(sorted(task.needed_for))
        settings = "; ".join(f"{key}: {each.takes}" for key, each in task.settings.items())
        rows.append((task.name, needed or "no", task.does, settings))
    output.print_table(("task", "needed", "what it does", "settings"), rows, wraps=_TASK_WRAPS)


_TASK_WRAPS = ("needed", "what it does", "settings")


def _folder() -> Path:
    return surroundings.settings().project.root / "playbooks"


def _path(written: str, folder: Path) -> Path:
    """Return the file that is meant: a name of a playbook of the project, unless there is a file of that name."""
    path = Path(written)
    named = folder / f"{written}.yaml"
    return named if not path.is_file() and path.name == written and named.is_file() else path


def _row(checked: "Checked") -> tuple[object, ...]:
    found = checked.playbook
    if found is None:
        first = checked.problems[0]
        told = output.styled(("wrong: ", "red"), (f"line {first.line}: {first.what}", ""))
        return checked.name, "", "", told
    return found.name, ", ".join(found.actions), len(found.steps), found.title


def _said(task: str, settings: object) -> str:
    values = settings.items() if isinstance(settings, dict) else ()
    return " ".join([task, *(f"{key}={value}" for key, value in values)])


def _data(checked: "Checked") -> dict[str, object]:
    found = checked.playbook
    return {
        "name": checked.name,
        "file": checked.source,
        "title": found.title if found else None,
        "for": [each.value for each in found.actions] if found else [],
        "steps": len(found.steps) if found else None,
        "digest": found.digest if found else None,
        "problems": [
            {"line": each.line, "column": each.column, "what": each.what, "remedy": each.remedy}
            for each in checked.problems
        ],
    }


def _tell(found: "tuple[Checked, ...]") -> None:
    for checked in found:
        if checked.playbook is not None:
            output.print_line((f"{checked.source}: ", ""), ("in order", "green"))
        for each in checked.problems:
            output.print_line((f"{checked.source}:{each.line}:{each.column}: ", ""), (each.what, "red"))
            output.print_line(("  what to do: ", "dim"), (each.remedy, ""))
