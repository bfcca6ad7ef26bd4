"""Campaigns in the store: one row each, written when it begins and when it ends."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from provisioning.model.campaign import Campaign
from provisioning.store.tables import DRILL_CAMPAIGN


def begin_campaign(connection: Connection, policy: Mapping[str, int], now: datetime) -> Campaign:
    """Add a campaign that is under way; return it."""
    number = connection.execute(
        insert(DRILL_CAMPAIGN).values(begun_at=now, policy=dict(policy), reason="").returning(DRILL_CAMPAIGN.c.id)
    ).scalar_one()
    return Campaign(number, now, None, policy, "")


def end_campaign(connection: Connection, number: int, reason: str, now: datetime) -> bool:
    """End a campaign; return whether it had not ended before.

    Args:
        reason: why it was stopped early; empty when it was not.
    """
    done = connection.execute(
        update(DRILL_CAMPAIGN)
        .where(DRILL_CAMPAIGN.c.id == number, DRILL_CAMPAIGN.c.ended_at.is_(None))
        .values(ended_at=now, reason=reason)
    )
    return done.rowcount > 0


def left_campaigns(connection: Connection) -> list[Campaign]:
    """Return the campaigns that have not ended, the oldest first."""
    query = select(DRILL_CAMPAIGN).where(DRILL_CAMPAIGN.c.ended_at.is_(None)).order_by(DRILL_CAMPAIGN.c.id)
    return [_campaign(row) for row in connection.execute(query)]


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(row.id, row.begun_at, row.ended_at, row.policy, row.reason)
