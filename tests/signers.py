"""People with SSH keys of their own, made and used by the real `ssh-keygen`, and the file of those who may approve."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from provisioning.changes.approval_text import NAMESPACE


def ssh_keygen(*arguments: str | Path, given: str = "") -> str:
    """Run the program; return its answer."""
    done = subprocess.run(
        ["ssh-keygen", *map(str, arguments)], input=given, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Signers:
    """People in a folder, one key pair each."""

    folder: Path

    @property
    def file(self) -> Path:
        """The allowed signers."""
        return self.folder / "allowed_signers"

    def key(self, person: str, kind: str = "ed25519") -> Path:
        """Return a person's private key, making it where there is none."""
        path = self.folder / person
        if not path.exists():
            ssh_keygen("-q", "-t", kind, "-N", "", "-C", person, "-f", path)
        return path

    def public(self, person: str) -> str:
        return self.key(person).with_suffix(".pub").read_text().strip()

    def entry(self, principals: str, person: str, options: str = f'namespaces="{NAMESPACE}"') -> str:
        return " ".join(filter(None, (principals, options, self.public(person))))

    def allow(self, *entries: str) -> Path:
        """Write the allowed signers; return the file."""
        self.file.write_text("# who may approve\n\n" + "\n".join(entries) + "\n")
        self.file.chmod(0o644)
        return self.file

    def sign(self, person: str, text: str, namespace: str = NAMESPACE) -> str:
        return ssh_keygen("-q", "-Y", "sign", "-n", namespace, "-f", self.key(person), given=text)

    def certify(
        self, authority: str, person: str, *principals: str, validity: str = "always:forever", identity: str = "card"
    ) -> None:
        """Have an authority certify a person's key, which he has then."""
        self.key(person)
        ssh_keygen(
            "-q", "-s", self.key(authority), "-I", identity, "-n", ",".join(principals), "-V", validity,
            self.folder / f"{person}.pub",
        )  # fmt: skip

    def sign_certified(self, person: str, text: str) -> str:
        key = self.folder / f"{person}-cert.pub"
        return ssh_keygen("-q", "-Y", "sign", "-n", NAMESPACE, "-f", key, given=text)
