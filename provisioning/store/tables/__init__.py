"""The tables. Migrations create them; a test holds the two against each other."""

from provisioning.store.tables.addresses import ASSIGNMENT, FREE_BLOCK, POOL
from provisioning.store.tables.backups import BACKUP_MISS, BACKUP_RUN, BACKUP_STATE, DRIFT_STATE, RESTORE_PROOF
from provisioning.store.tables.changes import AUDIT_ENTRY, CHANGE_APPROVAL, CHANGE_PLAN, CHANGE_REQUEST, OPENING
from provisioning.store.tables.failover import (
    BEARER_STATE,
    DRILL,
    DRILL_ANNOUNCEMENT,
    DRILL_CAMPAIGN,
    INCIDENT,
    INCIDENT_STOP,
)
from provisioning.store.tables.lines import ADOPTION, DEVICE, HOST_KEY, LINE, LINE_SECRET, REMEMBERED, SERVICE_ORDER
from provisioning.store.tables.metadata import METADATA
from provisioning.store.tables.runs import RUN, RUN_CHANGE

__all__ = [
    "ADOPTION",
    "ASSIGNMENT",
    "AUDIT_ENTRY",
    "BACKUP_MISS",
    "BACKUP_RUN",
    "BACKUP_STATE",
    "BEARER_STATE",
    "CHANGE_APPROVAL",
    "CHANGE_PLAN",
    "CHANGE_REQUEST",
    "DEVICE",
    "DRIFT_STATE",
    "DRILL",
    "DRILL_ANNOUNCEMENT",
    "DRILL_CAMPAIGN",
    "FREE_BLOCK",
    "HOST_KEY",
    "INCIDENT",
    "INCIDENT_STOP",
    "LINE",
    "LINE_SECRET",
    "METADATA",
    "OPENING",
    "POOL",
    "REMEMBERED",
    "RESTORE_PROOF",
    "RUN",
    "RUN_CHANGE",
    "SERVICE_ORDER",
]
