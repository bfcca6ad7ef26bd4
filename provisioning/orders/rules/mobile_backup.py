"""Mobile back-up needs coverage, and one conflict in the documents is told (facts: I-6, X-2, X-22)."""

from collections.abc import Iterator

from provisioning.model.finding import Finding
from provisioning.orders import codes
from provisioning.orders.case import Case, Rule


def coverage_allows_backup(case: Case) -> Iterator[Finding]:
    """No coverage, no back-up; unknown or weak coverage is told (facts: I-6.4, X-22)."""
    site = case.form.site
    if site is None or not case.has_mobile_backup:
        return
    where = "site.mobile_coverage"
    match site.mobile_coverage or "unknown":
        case "none":
            temporary = case.formula is not None and case.formula.temporary.value
            yield codes.COVERAGE_NONE.at(
                where,
                "The site has no mobile coverage, and the line would have mobile back-up.",
                "Choose a formula that is not temporary."
                if temporary
                else f"{case.leave_out('options.mobile_backup')} Or have indoor antennas studied.",
                facts=("I-1.5",) if temporary else (),
            )
        case "unknown":
            yield codes.COVERAGE_UNKNOWN.at(
                where,
                "Nobody has studied the mobile coverage of the site yet.",
                "Have the feasibility study made before the installation.",
            )
        case "weak":
            yield codes.COVERAGE_WEAK.at(
                where, "The mobile coverage of the site is weak.", "Plan for indoor antennas, at a price."
            )
        case "good":
            pass


def backup_conflict_is_told(case: Case) -> Iterator[Finding]:
    """Business Internet: the tables allow mobile back-up, the text does not (facts: X-2)."""
    if case.formula is None or not case.has_mobile_backup or "X-2" not in case.formula.mobile_backup.facts:
        return
    yield codes.MOBILE_BACKUP_CONFLICT.at(
        "options.mobile_backup",
        f"The tables offer mobile back-up for {case.formula.name}, the text does not.",
        "Nothing to do: the order form ranks above the description. Tell the customer.",
        facts=case.formula.mobile_backup.facts,
    )


RULES: tuple[Rule, ...] = (coverage_allows_backup, backup_conflict_is_told)
