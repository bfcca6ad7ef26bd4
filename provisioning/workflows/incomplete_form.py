"""What the order form of an adopted line lacks, and the command that supplies it."""

import shlex

from provisioning.clock import contract_date
from provisioning.errors import Refused
from provisioning.model.adoption import Adoption
from provisioning.model.finding import Finding, Severity
from provisioning.orders.amend import stored
from provisioning.orders.check import check_whole
from provisioning.store import adoptions, lines
from provisioning.workflows.surroundings import Surroundings

OPTIONS = {
    "formula": "--formula FORMULA",
    "customer": "--customer NAME",
    "customer.name": "--customer NAME",
    "site": "--site ADDRESS",
    "site.address": "--site ADDRESS",
}
"""What `proviso line adopt` calls keys of the form that have an option of their own."""

FORM = "--form FILE"

TOLD = 5
"""Keys that are told with their reason; the rest is counted."""


def not_restorable(line: str, cause: Refused, around: Surroundings) -> Refused:
    """Return why an adopted line cannot be restored, with each key that its form lacks and how it is supplied.

    What comes back is proven against what the line does, and nobody has said that wholly.

    Args:
        cause: what stands in the way of knowing it.
    """
    with around.store.read() as connection:
        found = lines.need_line(connection, line)
        adoption = adoptions.adoption_of(connection, line)
    judged = check_whole(stored(found.form, line), contract_date(around.clock), sold=found.formula)
    lacking = [each for each in judged.findings if each.severity is Severity.REFUSAL]
    meanwhile = f"`proviso backup rehearse {line}` shows meanwhile that the backup comes back to a stand-in."
    if not lacking or adoption is None:
        return Refused(
            f"nobody knows wholly what the line does, so what comes back could not be proven: {cause.what}",
            where=line,
            remedy=f"{cause.remedy} {meanwhile}".strip(),
        )
    return Refused(
        f"its order form is not whole, so what comes back could not be proven; {_told(lacking)}",
        where=line,
        remedy=f"`{_command(lacking, adoption)}` supplies that. {meanwhile}",
    )


def _told(lacking: list[Finding]) -> str:
    told = "; ".join(f"{each.where}: {each.reason.rstrip('.')}" for each in lacking[:TOLD])
    return f"{told}; and {len(lacking) - TOLD} more" if len(lacking) > TOLD else told


def _command(lacking: list[Finding], adoption: Adoption) -> str:
    options = dict.fromkeys(OPTIONS.get(each.where, FORM) for each in lacking)
    host = str(adoption.management or adoption.host)
    return " ".join(("proviso line adopt", shlex.quote(host), f"--platform {adoption.platform}", *options))
