"""What became of the backup of one line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from provisioning.model.backup import BackupOutcome


@dataclass(frozen=True, slots=True)
class LineBackup:
    """What became of the backup of one line.

    Attributes:
        at: when.
        version: id of the version that holds it; of a line that was missed, of one that holds what its router has;
            empty when there is none.
        size: of the originals together, in bytes; 0 when there are none.
        cause: of the trouble; empty when there is none.
        message: of the trouble, one line for people.
        remark: what people should know of a good one.
        withheld: why a document's masked text is not kept, by its name.
        shown_again: whether a text that was withheld from the version before is kept in this one.
    """

    line: str
    serial: str
    outcome: BackupOutcome
    at: datetime
    version: str = ""
    size: int = 0
    cause: str = ""
    message: str = ""
    remark: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict)
    shown_again: bool = False

    @property
    def good(self) -> bool:
        """Whether there is a whole backup of what is on the router now."""
        return self.outcome is not BackupOutcome.MISSED
