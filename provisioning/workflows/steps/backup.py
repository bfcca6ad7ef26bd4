"""The backup at the end of a run, so that what was proven is kept from its first hour on (facts: I-8.3, X-16)."""

import logging

from provisioning.errors import ProvisoError
from provisioning.model.backup import BackupCause
from provisioning.model.run import RunKind, RunStage
from provisioning.workflows.attempt import Attempt

_LOG = logging.getLogger(__name__)

_CAUSES = {
    RunKind.ACTIVATE: BackupCause.ACTIVATION,
    RunKind.CHANGE: BackupCause.CHANGE,
    RunKind.REPLACE_CPE: BackupCause.REPLACEMENT,
    RunKind.REPLACE_ONT: BackupCause.REPLACEMENT,
    RunKind.RESTORE: BackupCause.RESTORE,
}


def back_up(attempt: Attempt) -> None:
    """Keep a backup of the router that was proven, where the line's formula has one.

    The line is in service whatever becomes of it: what is in the way is told in the run's notes, and the nightly run
    catches up. Done twice, it finds nothing new to keep.
    """
    if attempt.run.kind is RunKind.CEASE or attempt.product.cpe is None:
        return
    try:
        note = _back_up(attempt)
    except ProvisoError as error:
        note = f"No backup was taken: {error}. {error.remedy}".strip()
    except Exception as error:
        _LOG.debug("the backup after a run failed: a mistake in Proviso", exc_info=error)
        note = f"No backup was taken: this should not happen: {type(error).__name__}."
    if note:
        attempt.notes = (*attempt.notes, f"{note} The nightly run tries again.")


def _back_up(attempt: Attempt) -> str:
    """Return why no backup was kept; empty when one was, or when the line has none."""
    # What backups need is for runs that take one.
    from provisioning.backup_store.recipients import read_recipients
    from provisioning.workflows.back_up_line import back_up_line
    from provisioning.workflows.backup_scope import formulas_backed_up

    around = attempt.around
    if attempt.product.formula not in formulas_backed_up(around):
        return ""
    if not read_recipients(around.backups.folder):
        return "No backup was taken: nobody could read it yet. `proviso backup keys make` makes the keys."
    attempt.say(RunStage.RECORD, "backs up what is in force")
    done = back_up_line(attempt.line, attempt.router.running(), _CAUSES[attempt.run.kind], around)
    if done.good:
        return ""
    return f"{'No whole backup' if done.version else 'No backup'} was kept: {done.message}."
