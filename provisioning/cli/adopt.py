"""`proviso line adopt`: takes in a router that Proviso did not activate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from provisioning.cli import known_device, output, show_adoption, surroundings
from provisioning.cli.options import JsonOption, complete_formula, complete_platform
from provisioning.errors import BadInput, UnknownName, UnreadableForm

if TYPE_CHECKING:
    from provisioning.adopting.propose import Given

DEFAULT_PLATFORM = "linux_cpe"


RouterArgument = Annotated[
    str, typer.Argument(metavar="HOST", help="Address or full name of the router; its serial if it is staged.")
]
PlatformOption = Annotated[
    str | None,
    typer.Option(
        metavar="PLATFORM",
        help=f"linux_cpe or cisco_iosxe; without it, as its line says, else {DEFAULT_PLATFORM}.",
        autocompletion=complete_platform,
    ),
]
SerialOption = Annotated[str | None, typer.Option(metavar="SERIAL", help="That the router must have.")]
FormulaOption = Annotated[
    str | None,
    typer.Option(metavar="FORMULA", help="Of the line: no router tells it.", autocompletion=complete_formula),
]
CustomerOption = Annotated[str | None, typer.Option(metavar="NAME", help="Whose line it is.")]
SiteOption = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where the line ends.")]
FormOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Order form, or a part of one: it wins over what is read.")
]
WriteOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the order form there, for you to complete.")
]
AuthenticationOption = Annotated[
    str | None,
    typer.Option(metavar="env:NAME", help="Where its SNMPv3 authentication key is read from, if it shows none."),
]
PrivacyOption = Annotated[str | None, typer.Option(metavar="env:NAME", help="Likewise, the key for privacy.")]
PlanOption = Annotated[bool, typer.Option("--plan", help="Show everything, and change nothing.")]


def adopt(
    router: RouterArgument,
    platform: PlatformOption = None,
    serial: SerialOption = None,
    formula: FormulaOption = None,
    customer: CustomerOption = None,
    site: SiteOption = None,
    form: FormOption = None,
    write: WriteOption = None,
    snmp_auth_from: AuthenticationOption = None,
    snmp_priv_from: PrivacyOption = None,
    plan: PlanOption = False,
    json: JsonOption = False,
) -> None:
    """Take in a router that Proviso did not activate, so that backups and drift cover it from now on.

    Nothing on the router is changed. What its line does is read from its configuration, and what cannot be read
    is told. Its addresses become the line's exactly as they are. Asked again, it reads the router anew.

    \b
    Examples:
      proviso line adopt 10.255.0.7 --plan --write L7.yaml
      proviso line adopt 10.255.0.7 --form L7.yaml
      proviso line adopt 10.255.0.9 --platform cisco_iosxe --formula internet-pro-plus \\
          --customer "Garage Trois Bielles" --site "3 Quai des Chalands, 5000 Namur"
    """
    from provisioning.workflows.adopt_line import Asked, adopt_line

    _judge(formula, write)
    snmp = _snmp(snmp_auth_from, snmp_priv_from)
    given = _given(form, formula, customer, site)
    known = known_device.look_up(serial or router).platform or known_device.platform_at(router)
    asked = Asked(router, platform or known or DEFAULT_PLATFORM, given, serial, snmp)
    adopted = adopt_line(asked, surroundings.surroundings(create=not plan), _tell(json), rehearsal=plan)
    if write is not None:
        surroundings.write_file(write, show_adoption.form_text(adopted))
    if json:
        output.print_json(show_adoption.adopted_data(adopted, plan=plan))
        return
    show_adoption.print_adopted(adopted, plan=plan)
    if write is not None:
        output.say(f"The order form is in {write}: complete it, and hand it back with --form.")


def _judge(formula: str | None, write: Path | None) -> None:
    from provisioning.catalogue import FORMULAS

    if formula is not None and formula not in FORMULAS:
        raise UnknownName(
            f"there is no formula {formula!r}", where="--formula", remedy="`proviso catalogue` lists the formulas."
        )
    if write is not None and write.exists():
        raise BadInput("there is such a file already", where=str(write), remedy="Name another one, or remove it.")


def _snmp(authentication: str | None, privacy: str | None) -> tuple[str, str] | None:
    if authentication is None and privacy is None:
        return None
    if authentication is None or privacy is None:
        raise BadInput(
            "one of the two SNMPv3 keys is named",
            where="--snmp-auth-from, --snmp-priv-from",
            remedy="Name both, or neither.",
        )
    return authentication, privacy


def _given(form: Path | None, formula: str | None, customer: str | None, site: str | None) -> "Given":
    from provisioning.adopting.propose import Given
    from provisioning.orders.amend import plain
    from provisioning.orders.read import read

    if form is None:
        return Given({}, formula, customer, site)
    written = read(form)
    if written.kind != "new" or written.line is not None:
        raise UnreadableForm(
            f"an order of kind {written.kind} describes no whole line",
            where=str(form),
            remedy="Leave `kind` and `line` out: the form says what the line is.",
        )
    return Given(plain(written), formula, customer, site)


def _tell(json: bool) -> "show_adoption.Tell":
    return (lambda said: None) if json else output.note
