"""What a router logs, and who is shown it: sessions with `terminal monitor`.

Wording of Cisco IOS system messages as in transcripts: `%SYS-5-CONFIG_I`, `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_…`.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

KEPT_LINES = 50


@dataclass(slots=True)
class Log:
    """The buffer of a router's log.

    Attributes:
        lines: the last ones.
        count: of all that were ever logged.
    """

    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    count: int = 0

    def note(self, message: str, now: datetime, watching: Iterable[Callable[[str], None]]) -> None:
        """Log a message, and show it to who watches."""
        line = f"*{now:%b} {now.day:>2} {now:%H:%M:%S}.{now.microsecond // 1000:03}: {message}\n"
        self.lines.append(line)
        self.count += 1
        for tell in watching:
            tell(line)

    def shown(self) -> str:
        """Return what `show logging` says."""
        return (
            "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, "
            "xml disabled, filtering disabled)\n\nNo Active Message Discriminator.\n\n\n\n"
            "No Inactive Message Discriminator.\n\n\n"
            f"    Buffer logging:  level debugging, {self.count} messages logged, xml disabled,\n"
            "                    filtering disabled\n\nLog Buffer (4096 bytes):\n\n" + "".join(self.lines)
        )
