"""Whether a change is free or billed (facts: I-5.4, X-15)."""

from datetime import datetime, timedelta

from provisioning.clock import CONTRACT_TIME_ZONE
from provisioning.model.change_request import BillingVerdict

FREE_WEEK = timedelta(days=7)
FACTS = ("I-5.4", "X-15")


def bill(asked_at: datetime, *, activated_at: datetime | None, installed_at: datetime | None) -> BillingVerdict:
    """Return whether a request is billed: it is free during the week from the later of activation and installation.

    Args:
        asked_at: when the request came in; it is judged by that, whenever it is carried out.
        activated_at: when the line was in service for the first time; None where nobody knows.
        installed_at: since when the router is there; None where nobody knows.
    """
    if activated_at is None:
        return BillingVerdict(
            free=False,
            rule="Billed: the line was in service before it came to us, so its first week is not known and is over.",
            facts=FACTS,
        )
    begins = max(activated_at, installed_at or activated_at)
    from_what = "installed" if installed_at is not None and installed_at > activated_at else "activated"
    ends = _a_week_after(begins)
    asked, since, end = _day(asked_at), _day(begins), _minute(ends)
    if asked_at < ends:
        rule = f"Free: asked on {asked}, in the first week of a line {from_what} on {since}, which ends {end}."
        return BillingVerdict(free=True, rule=rule, facts=FACTS, free_until=ends)
    rule = f"Billed once: asked on {asked}; the free week of a line {from_what} on {since} ended {end}."
    return BillingVerdict(free=False, rule=rule, facts=FACTS, free_until=ends)


def _a_week_after(moment: datetime) -> datetime:
    """Return the same time of day a week later in contract time, whether the clocks were changed in between."""
    local = moment.astimezone(CONTRACT_TIME_ZONE).replace(tzinfo=None) + FREE_WEEK
    return local.replace(tzinfo=CONTRACT_TIME_ZONE).astimezone(moment.tzinfo)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(CONTRACT_TIME_ZONE):%Y-%m-%d %H:%M} (Brussels)"
