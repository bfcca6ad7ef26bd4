"""Tells who signed a text, by the file of those who may; whatever does not hold is refused with its reason."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from provisioning.errors import ApprovalRefused
from provisioning.signatures.allowed_signers import AllowedSigners, read_allowed_signers
from provisioning.signatures.armour import Signature
from provisioning.signatures.certificate import read_certificate
from provisioning.signatures.ssh_keygen import keygen

_PATTERN = re.compile(r"[*?!]")
_TIMES = (("key has expired", "has expired"), ("key is not yet valid", "is not valid yet"))
_OTHER_TEXT = "incorrect signature"


class OtherText(ApprovalRefused):
    """A signature over another text."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed.

    Attributes:
        principal: as the allowed signers know him.
        names: every name that stands at his key, whatever for, and in his certificate, its key id included.
        fingerprint: of his key.
    """

    principal: str
    names: tuple[str, ...]
    fingerprint: str


def verify(text: str, signature: Signature, file: Path, *, namespace: str, at: datetime) -> Signer:
    """Return who signed a text.

    Args:
        file: of the allowed signers.
        namespace: the role that it has to be signed for.
        at: when the key has to be valid.

    Raises:
        OtherText: when it is a signature over another text.
        ApprovalRefused: when nobody who may signed it.
        UnreadableSignature: when the file is no file of allowed signers.
        EnvironmentTrouble: when we may not read the file, or `ssh-keygen` is not there.
    """
    if signature.namespace != namespace:
        raise ApprovalRefused(
            f"it is signed for {signature.namespace[:80]!r}, and not for {namespace!r}",
            where="signature",
            remedy=f"Sign again, with `-n {namespace}`.",
        )
    allowed = read_allowed_signers(file)
    with keygen(signature, allowed.with_roles(), namespace, at=at, shown_as=str(file)) as program:
        found, complaints = program.principals()
        if not found:
            raise _nobody(signature, allowed, namespace, complaints)
        persons = [each for each in found if not _PATTERN.search(each)]
        if not persons:
            raise ApprovalRefused(
                f"its key stands at {', '.join(found)}, which names nobody",
                where=str(file),
                remedy="Write the principal out; a pattern is for certificates (cert-authority) only.",
            )
        complaints = program.verify(text, persons[0])
    if complaints:
        raise _not_good(signature, allowed, namespace, complaints)
    return Signer(persons[0], _names(found, signature, allowed), signature.fingerprint)


def _names(found: tuple[str, ...], signature: Signature, allowed: AllowedSigners) -> tuple[str, ...]:
    certificate = read_certificate(signature.key)
    if certificate is None:
        return tuple(dict.fromkeys((*found, *allowed.names_of(signature.key))))
    certified = (certificate.identity, *certificate.principals, *allowed.names_of(certificate.key))
    return tuple(dict.fromkeys((*found, *certified)))


def _nobody(signature: Signature, allowed: AllowedSigners, namespace: str, complaints: str) -> ApprovalRefused:
    """Return why a signature is nobody's."""
    where, mine = str(allowed.path), f"its key {signature.fingerprint}"
    for said, told in _TIMES:
        if said in complaints:
            remedy = "Sign with a key that is valid now, or have the dates of the entry changed."
            return ApprovalRefused(f"{mine} {told}: {_line_with(said, complaints)}", where=where, remedy=remedy)
    entries = [each for each in allowed.entries if each.key == signature.key]
    if entries and all(each.namespaces is None for each in entries):
        lines = ", ".join(str(each.line) for each in entries)
        return ApprovalRefused(
            f"{mine} stands there without a role, in line {lines}",
            where=where,
            remedy=f'Add `namespaces="{namespace}"` to the entry of whoever may approve.',
        )
    return ApprovalRefused(
        f"{mine} is not one of those who may approve",
        where=where,
        remedy="Somebody who stands there has to sign; `ssh-keygen -lf KEY.pub` shows the fingerprint of a key.",
    )


def _line_with(said: str, complaints: str) -> str:
    """Return what ssh-keygen complains of, without its remarks on the file's other lines."""
    return next(each.strip() for each in complaints.split(";") if said in each)


def _not_good(signature: Signature, allowed: AllowedSigners, namespace: str, complaints: str) -> ApprovalRefused:
    """Return why a signature of somebody who stands there does not hold."""
    if _OTHER_TEXT in complaints:
        return OtherText("it is a signature over another text", where="signature", remedy="Sign the text as it is.")
    if "namespace" in complaints:
        return ApprovalRefused(
            f"its key {signature.fingerprint} may not sign for {namespace!r}",
            where=str(allowed.path),
            remedy=f'Add `namespaces="{namespace}"` to the entry of whoever may approve.',
        )
    return _nobody(signature, allowed, namespace, complaints)
