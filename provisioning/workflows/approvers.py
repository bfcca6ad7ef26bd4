"""Who may approve a change: those whom the allowed signers name, except whoever asked for it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from provisioning.changes.approval_text import NAMESPACE
from provisioning.changes.own_approval import accounts_of, own_name
from provisioning.errors import ApprovalRefused, UnreadableProject
from provisioning.model.change_request import ChangeRequest
from provisioning.signatures.armour import Signature
from provisioning.signatures.verify import Signer, verify
from provisioning.store import audit
from provisioning.workflows.surroundings import Surroundings


def accounts_behind(connection: Connection, request: ChangeRequest) -> tuple[str, ...]:
    """Return the accounts of whoever submitted a request: the first entry of its history tells where he came from."""
    first = next(audit.entries(connection, subject=request.id), None)
    origin = first.actor.origin if first is not None and first.actor.name == request.submitter else ""
    return accounts_of(request.submitter, origin)


def signer_of(
    text: str,
    signed: Signature,
    request: ChangeRequest,
    accounts: tuple[str, ...],
    around: Surroundings,
    *,
    at: datetime,
) -> Signer:
    """Return who approves a request by a signature over a text.

    Args:
        accounts: of whoever submitted it.
        at: when his key has to be valid.

    Raises:
        OtherText: when it is a signature over another text.
        ApprovalRefused: when nobody who may signed it, or whoever asked did.
        UnreadableSignature: when the allowed signers cannot be used.
        UnreadableProject: when nobody may approve.
        EnvironmentTrouble: when the allowed signers cannot be read, or there is no `ssh-keygen`.
    """
    signer = verify(text, signed, _allowed_signers(around), namespace=NAMESPACE, at=at)
    own = own_name(signer.names, accounts=accounts, requester=request.requester)
    if own:
        raise ApprovalRefused(
            f"{signer.principal} may not approve it: {own} is who submitted it or asks for it",
            where=request.id,
            remedy="Somebody else who may approve has to sign.",
        )
    return signer


def _allowed_signers(around: Surroundings) -> Path:
    file = around.changes.allowed_signers
    if file is None:
        raise UnreadableProject(
            "nobody may approve: no file of allowed signers is set",
            where="allowed_signers_file",
            remedy="Name one in nornir.yaml; docs/approval.md tells what stands in it.",
        )
    return file
