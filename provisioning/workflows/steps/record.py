"""The end of a run: what it came to, written down where the line, its devices and others' systems are known."""

from sqlalchemy import Connection

from provisioning.errors import OutcomeUnknown
from provisioning.model.backup import ProofOutcome, RestoreProof
from provisioning.model.intent import AddressedIntent
from provisioning.model.run import UNFINISHED, ChangeState, Run, RunKind, RunStage, RunState, Snapshot
from provisioning.orders.amend import with_serial
from provisioning.store import lines, restore_proofs, runs
from provisioning.workflows.attempt import Attempt
from provisioning.workflows.auditing import audited
from provisioning.workflows.customer_messages import tell_customer_of
from provisioning.workflows.line_devices import devices_of
from provisioning.workflows.network_records import forget_network, tell_network
from provisioning.workflows.record_openings import record_order
from provisioning.workflows.steps.change import record_changed, record_returned, record_unknown

_OF_THE_BACKUP = ("not proven", "rejected")
"""Troubles that say something of the backup that was to be brought back, and not only of the moment."""


def tell_others(attempt: Attempt) -> None:
    """Tell others' systems what the line is going to be: without them nothing of it can be reached.

    Its router is still as it was: the way to it stays.
    """
    before = attempt.previous.addressed if attempt.previous is not None else None
    tell_network(attempt.around.state, attempt.addressed, attempt.run.order, before=before, served=_served(attempt))


def tell_others_what_is(attempt: Attempt) -> None:
    """Tell others' systems what the line is now: what its router announces by BGP is reached by nothing else."""
    tell_network(attempt.around.state, attempt.addressed, attempt.run.order, served=_served(attempt))


def _served(attempt: Attempt) -> AddressedIntent | None:
    """Return the line as it was before a change on request: its servers go on, whatever becomes of their openings."""
    changes = attempt.run.kind is RunKind.CHANGE and attempt.previous is not None
    return attempt.previous.addressed if changes and attempt.previous is not None else None


def record(attempt: Attempt) -> None:
    """Put on record what was delivered, and end the run; done twice, it says the same."""
    attempt.enter(RunStage.RECORD, "puts it on record")
    run = attempt.now()
    state, message = _delivered(run, attempt.previous)
    if run.kind is RunKind.CEASE:
        forget_network(attempt.around.state, run.line)
    elif run.kind is RunKind.CHANGE:
        tell_network(attempt.around.state, attempt.addressed, run.order)
    with audited(attempt.around) as audit:
        connection, now = audit.connection, audit.at
        if run.kind is RunKind.CEASE:
            lines.set_devices(connection, run.line, [], now)
        else:
            lines.activate_line(connection, run.line, now)
        if run.kind in (RunKind.REPLACE_CPE, RunKind.REPLACE_ONT):
            _replace(connection, attempt)
        if run.kind is RunKind.RESTORE:
            _record_restored(connection, attempt, run, message)
        if run.kind is RunKind.CHANGE:
            record_changed(audit, attempt, run)
        else:
            previous = attempt.previous.addressed.intent.openings if attempt.previous is not None else ()
            record_order(audit, run.line, order=run.order, before=previous)
        runs.end_run(connection, run.id, state, message, now)


def record_return(attempt: Attempt) -> None:
    """End a run that turned back, and whose devices are all as before."""
    run = attempt.now()
    why = run.trouble.message if run.trouble else "it turned back"
    touched = any(each.state is ChangeState.TAKEN_BACK for each in run.changes)
    state = RunState.WENT_BACK if touched else RunState.FAILED
    message = f"{why}; {'every device is as before' if touched else 'nothing was changed'}"
    _tell_as_before(attempt)
    with audited(attempt.around) as audit:
        if run.kind is RunKind.RESTORE and run.trouble is not None and run.trouble.cause in _OF_THE_BACKUP:
            _prove(audit.connection, attempt, run, ProofOutcome.FAILED, message)
        if run.kind is RunKind.CHANGE:
            record_returned(audit, run, message)
            tell_customer_of(audit.connection, run.request, attempt.around)
        runs.end_run(audit.connection, run.id, state, message, audit.at)


def record_waiting(attempt: Attempt, error: Exception) -> None:
    """Let a run wait for a device that does not answer; `proviso run resume` carries it on."""
    run = attempt.now()
    if run.state not in UNFINISHED:
        return  # it has ended well; only what comes after its record is in the way
    unknown = isinstance(error, OutcomeUnknown)
    reason = f"{run.trouble.message}; then: {error}" if run.trouble else str(error)
    state = RunState.UNKNOWN if unknown else RunState.INTERRUPTED
    hint = "a person must look" if unknown else "`proviso run resume` carries it on"
    with audited(attempt.around) as audit:
        if run.kind is RunKind.CHANGE and unknown:
            record_unknown(audit, run, reason)
            tell_customer_of(audit.connection, run.request, attempt.around)
        runs.end_run(audit.connection, run.id, state, f"{reason}; {hint}", audit.at)


def _delivered(run: Run, previous: Snapshot | None) -> tuple[RunState, str]:
    if run.kind is RunKind.CEASE:
        had_one = previous is not None and previous.product.cpe is not None
        left = "; its router was left as it is" if had_one and run.router_change is None else ""
        return RunState.CEASED, f"taken out of service; its addresses are in quarantine{left}"
    if run.router_change is None and not any(each.ont is not None for each in run.changes):
        return (
            RunState.RECORDED,
            "the router is the customer's own: the line is on record, its service not proven",
        )
    what = "confirmed after the proof"
    if all(each.empty for each in run.changes):
        what = "nothing to change, and proven again"
    then = f"; then: {run.trouble.message}" if run.trouble else ""
    return RunState.PROVEN, f"{what}: {run.verdict.summary if run.verdict else ''}{then}"


def _replace(connection: Connection, attempt: Attempt) -> None:
    """Write down that another device serves the line."""
    line, product = lines.need_line(connection, attempt.line), attempt.product
    form = dict(line.form)
    if product.cpe is not None:
        form = with_serial(form, "cpe", product.cpe.serial)
    if product.ont is not None:
        form = with_serial(form, "ont", product.ont.serial)
    lines.change_line(connection, line.id, formula=line.formula, customer=line.customer, site=line.site, form=form)
    lines.set_devices(connection, line.id, devices_of(product, attempt.around.clock.now()), attempt.around.clock.now())


def _record_restored(connection: Connection, attempt: Attempt, run: Run, message: str) -> None:
    """Write down that a backup is back, and with which router; of what was ordered, nothing changed."""
    line, cpe = lines.need_line(connection, attempt.line), attempt.product.cpe
    if cpe is not None and lines.line_using(connection, "cpe", cpe.serial) != line.id:
        form = with_serial(line.form, "cpe", cpe.serial)
        lines.change_line(connection, line.id, formula=line.formula, customer=line.customer, site=line.site, form=form)
        now = attempt.around.clock.now()
        lines.set_devices(connection, line.id, devices_of(attempt.product, now), now)
    _prove(connection, attempt, run, ProofOutcome.RESTORED, message)


def _prove(connection: Connection, attempt: Attempt, run: Run, outcome: ProofOutcome, message: str) -> None:
    """Put on record what became of a backup that was brought back; done twice, it is there once."""
    if run.state not in UNFINISHED:
        return
    cpe, now = attempt.product.cpe, attempt.around.clock.now()
    restore_proofs.add_proof(
        connection,
        RestoreProof(
            line=run.line,
            version=run.backup,
            at=now,
            how="restore",
            platform=cpe.platform if cpe else "",
            outcome=outcome,
            message=message,
            seconds=(now - run.started_at).total_seconds(),
        ),
    )


def _tell_as_before(attempt: Attempt) -> None:
    """Tell others' systems what the line was before; of a new line, they keep what they were told."""
    with attempt.around.store.read() as connection:
        earlier = runs.latest_delivered(connection, attempt.line, before=attempt.id)
    if earlier is not None and earlier.snapshot is not None:
        tell_network(attempt.around.state, earlier.snapshot.addressed, earlier.order)
