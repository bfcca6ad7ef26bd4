"""What the pages say and what the catalogues translate."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from provisioning import reports
from provisioning.reports.words import Language, catalogue_file

ROOM = Path(reports.__path__[0])
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
OPTIONS = {"**.j2": {"trimmed": "true"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {"message": None, "text": None, "count": (1, 2), "_": None}


def used() -> Iterator[str | tuple[str, ...]]:
    """Yield each text that code or templates of the reports ask for; of a counting one, singular and plural."""
    for _, _, msgid, _, _ in extract_from_dir(
        ROOM, method_map=METHODS, options_map=OPTIONS, keywords=KEYWORDS, comment_tags=()
    ):
        yield tuple(msgid) if isinstance(msgid, tuple | list) else msgid


def catalogue(language: Language) -> Catalog:
    """Return the catalogue of a language."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file)
