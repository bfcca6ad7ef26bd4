"""Mistakes in Proviso that end a run and not the command: with `--debug` they are shown, whatever thread they end."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from provisioning.cli import output


class _Notes(logging.Handler):
    """Prints what is logged on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        for line in self.format(record).splitlines():
            output.note(line)


@contextmanager
def mistakes_shown() -> Iterator[None]:
    """Print what our own modules log, with tracebacks, while the block lasts."""
    logger, notes = logging.getLogger("provisioning"), _Notes()
    before = logger.level
    logger.addHandler(notes)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(notes)
