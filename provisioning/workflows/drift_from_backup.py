"""Drift of an adopted line whose intent is not known whole: its router held against its latest backup."""

from collections.abc import Mapping
from datetime import datetime

from provisioning.backup_store.masking_key import masking_key
from provisioning.backup_store.store import BackupStore
from provisioning.backups.login_password import without_login_passwords
from provisioning.backups.placeholders import Masker
from provisioning.errors import Refused
from provisioning.model.backup import Fetched
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.drift import DriftOutcome, DriftState
from provisioning.model.secret import Secret
from provisioning.planning.difference import differences
from provisioning.platforms.routers import ROUTERS
from provisioning.workflows.surroundings import Surroundings

ALIKE = CustomerSettings("whatever the customer chose", None, Secret("whatever-the-customer-chose"))
"""Stands on both sides for what the customer may change, which is no drift (facts: I-8.1)."""


def drift_from_backup(answer: Fetched, now: datetime, around: Surroundings) -> DriftState:
    """Return how a router differs from its latest backup; nobody can plan from that how it would be brought back.

    Raises:
        Refused: when there is no backup of it yet.
        EnvironmentTrouble: when the backups cannot be read.
    """
    store = BackupStore(around.backups.folder)
    version = store.latest((answer.line,)).get(answer.line)
    if version is None:
        raise Refused(
            "it was adopted, its order form is not whole, and there is no backup of it to compare with",
            where=answer.line,
            remedy="`proviso backup run` takes one; `proviso line adopt --form` completes the form.",
        )
    platform, masker = ROUTERS[answer.platform], Masker(masking_key(around.state))
    documents = without_login_passwords(answer.platform, answer.documents)
    if masker.fingerprint(documents) == version.fingerprint:
        return DriftState(answer.line, answer.serial, DriftOutcome.NONE, now, now)
    masked = masker.mask_all(answer.platform, documents)
    # A document whose masked text was withheld from the backup cannot be compared.
    shown = {name: text for name, text in masked.items() if name not in version.withheld}
    before = _comparable(answer.platform, store.masked(version))
    after = _comparable(answer.platform, shown)
    found = tuple(differences(platform.order, before, after, before, after))
    return DriftState(
        line=answer.line,
        serial=answer.serial,
        outcome=DriftOutcome.DRIFT if found else DriftOutcome.NONE,
        since=now,
        looked_at=now,
        differences=found,
    )


def _comparable(platform: str, masked: Mapping[str, str]) -> dict[str, str]:
    known = ROUTERS[platform]
    alike = known.with_customer_settings(masked, ALIKE)
    return {name: known.comparable(name, text) for name, text in alike.items()}
