"""`proviso settings`: every setting, its value and where it came from."""

from provisioning.cli import output, surroundings
from provisioning.cli.options import JsonOption


def show_settings(json: JsonOption = False) -> None:
    """Show every setting, its value and where it came from.

    From the weakest to the strongest: default, nornir.yaml (user_defined.proviso), environment (PROVISO_…), option.

    \b
    Examples:
      PROVISO_QUARANTINE_DAYS=60 proviso settings
    """
    found = surroundings.settings()
    if json:
        output.print_json({"settings": found.shown})
        return
    output.print_table(
        ("setting", "value", "from"),
        (
            (each.name, output.styled((each.value, ""), ("  ", ""), (f"({each.meaning})", "dim")), each.source)
            for each in found.shown
        ),
        wraps=("value",),
    )
