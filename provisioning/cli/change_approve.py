"""`proviso change approve`: shows what would be approved, and takes the signature that approves it."""

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption, describe
from provisioning.errors import BadInput, EnvironmentTrouble, ProvisoError

if TYPE_CHECKING:
    from provisioning.workflows.approve_change import Approved, ToApprove

app = typer.Typer(rich_markup_mode=None)

MOST_CHARACTERS = 64 * 1024


def complete_planned(incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the requests that wait for an approval and whose id begins so."""
    from provisioning.model.change_request import RequestState
    from provisioning.store import change_requests

    with suppress(ProvisoError), surroundings.surroundings().store.read() as connection:
        for each in change_requests.list_requests(connection, states=[RequestState.PLANNED]):
            if each.id.startswith(incomplete):
                yield each.id, describe(f"{each.action} {each.line} {each.reference}")


@app.command("approve")
def approve(
    request: Annotated[str, typer.Argument(metavar="ID", help="Id of the request.", autocompletion=complete_planned)],
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sign here, with this SSH key; a public key where an agent has the other."),
    ] = None,
    signature: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Signature that was made elsewhere; `-` reads standard input.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the text to sign, and nothing else.")] = False,
    json: JsonOption = False,
) -> None:
    """Approve a change request by an SSH signature over its id and its plan's digest.

    Without an option, shows what would be approved and how to sign it. Whoever submitted the request or asks for it
    cannot approve it. Once the router has moved, or the request is planned again, the approval is void.

    \b
    Examples:
      proviso change approve C-7
      proviso change approve C-7 --key ~/.ssh/id_ed25519
      proviso change approve C-7 --text > C-7.txt
      ssh-keygen -Y sign -n change-approval@proviso -f KEY C-7.txt
      proviso change approve C-7 --signature C-7.txt.sig
    """
    from provisioning.workflows.approve_change import approve_change, to_approve

    if sum((key is not None, signature is not None, text)) > 1:
        raise BadInput(
            "--key, --signature and --text exclude each other", where="command line", remedy="Name one of them."
        )
    around = surroundings.surroundings()
    if key is None and signature is None:
        asked = to_approve(request, around)
        if text:
            output.write_page(asked.text)
        else:
            _show(asked, json=json)
        return
    signed = _read(signature) if signature is not None else _sign(to_approve(request, around), key)
    approved = approve_change(request, signed, around)
    if json:
        output.print_json(_approved_data(approved))
        return
    _tell(approved)


def _sign(asked: "ToApprove", key: Path | None) -> str:
    from provisioning.changes.approval_text import NAMESPACE
    from provisioning.signatures.ssh_keygen import sign

    return sign(asked.text, (key or Path()).expanduser(), NAMESPACE)


def _read(file: Path) -> str:
    """Return the text of a signature; whether it is one is judged elsewhere."""
    if str(file) == "-":
        content = sys.stdin.buffer.read(MOST_CHARACTERS + 1)
    else:
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_CHARACTERS + 1)
        except OSError as error:
            reason = (error.strerror or "cannot be read").lower()
            kind = EnvironmentTrouble if isinstance(error, PermissionError) else BadInput
            raise kind(reason, where=str(file), remedy="Name the signature's file.") from None
    return content.decode("ascii", errors="replace")


def _show(asked: "ToApprove", *, json: bool) -> None:
    from provisioning.changes.approval_text import NAMESPACE
    from provisioning.cli import show_change_plan
    from provisioning.cli.show_change_request import minute

    request, plan, commands = asked.request, asked.plan, _commands(asked.request.id, NAMESPACE)
    if json:
        output.print_json(
            {
                "request": request.id,
                "state": request.state,
                "plan": show_change_plan.whole_data(plan),
                "text": asked.text,
                "namespace": NAMESPACE,
                "commands": commands,
                "not_by": [*asked.accounts, request.requester],
                "approved_by": asked.approval.principal if asked.approval else None,
            }
        )
        return
    show_change_plan.print_whole(plan)
    output.print_facts(
        (
            ("request", f"{request.id}, {request.reference}: {request.action}"),
            ("asked by", request.requester),
            ("submitted by", ", ".join(asked.accounts)),
            ("plan digest", plan.digest),
            ("planned", f"{minute(plan.planned_at)} (Brussels) by {plan.planned_by}"),
        ),
        title="To approve",
    )
    output.say()
    if asked.approval is not None:
        output.print_line((f"It is approved, by {asked.approval.principal}.", "green"))
        return
    output.say("Approve it with a key that the allowed signers have, here:")
    output.say(f"  {commands[0]}")
    output.say("or where the key is:")
    for each in commands[1:]:
        output.say(f"  {each}")


def _commands(request: str, namespace: str) -> list[str]:
    return [
        f"proviso change approve {request} --key KEY",
        f"proviso change approve {request} --text > {request}.txt",
        f"ssh-keygen -Y sign -n {namespace} -f KEY {request}.txt",
        f"proviso change approve {request} --signature {request}.txt.sig",
    ]


def _tell(approved: "Approved") -> None:
    from provisioning.model.change_request import RequestState

    approval = approved.approval
    already = " already" if approved.already else ""
    output.print_line(
        (f"{approved.request.id} ", ""), (f"is{already} approved", "green"), (f" by {approval.principal}", "")
    )
    output.say(f"plan digest  {approval.plan_digest}")
    verb = "run" if approved.request.state is RequestState.APPROVED else "show"
    output.say(f"Next: proviso change {verb} {approved.request.id}")


def _approved_data(approved: "Approved") -> dict[str, object]:
    approval = approved.approval
    return {
        "request": approved.request.id,
        "state": approved.request.state,
        "plan": approval.plan_digest,
        "principal": approval.principal,
        "role": approval.role,
        "at": approval.at,
        "already": approved.already,
    }
