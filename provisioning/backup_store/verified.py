"""What a verification of the backups finds."""

from dataclasses import dataclass

from provisioning.model.backup import BackupVersion


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        where: a file relative to the folder of the backups, or an object of the repository.
        lost: what is lost by it; empty when nothing is.
    """

    where: str
    what: str
    lost: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What there is, and what is wrong with it.

    Attributes:
        lines: that have backups.
        versions: that can be listed.
        objects: of the repository that were read.
        findings: empty when all of it is whole.
        remarks: what people should know, and is no fault.
    """

    lines: int
    versions: tuple[BackupVersion, ...]
    objects: int
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
