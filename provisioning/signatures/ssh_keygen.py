"""Runs the real `ssh-keygen -Y`: signing, and telling whose signature something is. No shell, and a time limit."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from provisioning.errors import ApprovalRefused, BadInput, SigningUnable
from provisioning.signatures.armour import Signature

PROGRAM = "ssh-keygen"
SECONDS = 10.0
SIGNING_SECONDS = 300.0
"""A person may have to type a pass phrase, or to find the security key that wants to be touched."""

MOST_SAID = 300

_UNKNOWN_OPTION = re.compile(r"unknown option|illegal option|unrecognized|invalid option|too many arguments", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """What the program answered.

    Attributes:
        complaints: what it wrote beside its answer.
    """

    code: int
    answer: str
    complaints: str


@dataclass(frozen=True, slots=True)
class Keygen:
    """The program with a signature and those who may sign; it reads copies, which nobody can change meanwhile."""

    signature: Path
    signers: Path
    namespace: str
    at: datetime
    shown_as: str

    def principals(self) -> tuple[tuple[str, ...], str]:
        """Return whom the signature's key belongs to at that time, and why to nobody."""
        said = self._run("find-principals")
        return tuple(filter(None, said.answer.splitlines())) if said.code == 0 else (), said.complaints

    def verify(self, text: str, principal: str) -> str:
        """Return why a signature is not that of a principal over a text; empty when it is."""
        said = self._run("verify", "-n", self.namespace, "-I", principal, given=text)
        return "" if said.code == 0 else said.complaints or "no reason given"

    def _run(self, command: str, *more: str, given: str = "") -> Said:
        # Without a zone the time is local, as `valid-after` and `valid-before` of the file are; older ones know no Z.
        when = self.at.astimezone().strftime("%Y%m%d%H%M%S")
        arguments = ["-Y", command, *more, "-s", str(self.signature), "-f", str(self.signers), f"-Overify-time={when}"]
        said = _run(arguments, given=given)
        return Said(said.code, said.answer, said.complaints.replace(str(self.signers), self.shown_as))


@contextmanager
def keygen(signature: Signature, signers: str, namespace: str, *, at: datetime, shown_as: str) -> Iterator[Keygen]:
    """Yield the program with a signature and those who may sign.

    Args:
        signers: text of a file of allowed signers.
        namespace: what a signature is for.
        at: when the key has to be valid.
        shown_as: the file of the allowed signers, for people.
    """
    with TemporaryDirectory(prefix="proviso-") as folder:
        files = Path(folder) / "signature", Path(folder) / "signers"
        files[0].write_text(signature.text, "utf-8")
        files[1].write_text(signers, "utf-8")
        yield Keygen(*files, namespace, at, shown_as)


def fits_text(signature: Signature, text: str, namespace: str) -> bool:
    """Return whether a signature is one over a text, whoever made it."""
    with TemporaryDirectory(prefix="proviso-") as folder:
        file = Path(folder) / "signature"
        file.write_text(signature.text, "utf-8")
        return _run(["-Y", "check-novalidate", "-n", namespace, "-s", str(file)], given=text).code == 0


def sign(text: str, key: Path, namespace: str) -> str:
    """Return an armoured signature; a pass phrase is asked for by `ssh-keygen` itself, at the terminal.

    Args:
        key: private key; or public key, the private one being with the SSH agent.

    Raises:
        BadInput: when there is no such key.
        SigningUnable: when there is no `ssh-keygen`, or it takes too long.
        ApprovalRefused: when it did not sign.
    """
    # Of a key that an agent has, only the public half may lie here, and be named without its ending.
    if key.is_dir() or not any(each.exists() for each in (key, Path(f"{key}.pub"))):
        raise BadInput(
            "is a directory" if key.is_dir() else "no such file or directory", where=str(key), remedy="Check the path."
        )
    arguments = ["-q", "-Y", "sign", "-n", namespace, "-f", str(key)]
    # What it says of the key or asks of a security key's owner is for the person at the terminal.
    said = _run(arguments, given=text, seconds=SIGNING_SECONDS, shown=True)
    if said.code != 0 or not said.answer:
        raise ApprovalRefused(
            "ssh-keygen did not sign",
            where=str(key),
            remedy="Name a private key, or its public key where an SSH agent has the private one.",
        )
    return said.answer


def _run(arguments: Sequence[str], *, given: str, seconds: float = SECONDS, shown: bool = False) -> Said:
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments
            [PROGRAM, *arguments],
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=None if shown else subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise SigningUnable(
            "ssh-keygen is not installed, and it is what knows signatures",
            where=PROGRAM,
            remedy="Install OpenSSH's client, 8.9 or later (Debian: apt-get install openssh-client).",
        ) from None
    except subprocess.TimeoutExpired:
        raise SigningUnable(
            f"ssh-keygen did not answer within {seconds:.0f} s", where=PROGRAM, remedy="Try again."
        ) from None
    except OSError as error:
        reason = (error.strerror or "cannot be run").lower()
        raise SigningUnable(
            f"ssh-keygen: {reason}", where=PROGRAM, remedy="Check that you may run it, and the free space."
        ) from None
    complaints = "; ".join((done.stderr or b"").decode(errors="replace").split("\n")).strip("; ")[:MOST_SAID]
    if _UNKNOWN_OPTION.search(complaints):
        raise SigningUnable(
            "this ssh-keygen does not know signatures well enough",
            where=PROGRAM,
            remedy="Install OpenSSH 8.9 or later.",
        )
    return Said(done.returncode, done.stdout.decode(errors="replace"), complaints)
