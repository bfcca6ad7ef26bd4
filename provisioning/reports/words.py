"""One language of a report: its texts from the gettext catalogue, its numbers and dates as people write them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from math import floor
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

Language = Literal["en", "fr", "nl"]

HALF_A_YEAR = timedelta(days=182)

CONTRACT_TIME = ZoneInfo("Europe/Brussels")
"""The time of the contract (facts: X-17)."""

# As used in Belgium; English as Europeans write it, with 24 hours.
_LOCALES: dict[Language, str] = {"en": "en_GB", "fr": "fr_BE", "nl": "nl_BE"}

_CATALOGUES = Path(__file__).parent / "locale"


def message(msgid: str) -> str:
    """Return the text as it is, and mark it for translation where it is written before the language is known."""
    return msgid


def catalogue_file(language: Language) -> Path:
    """Return the file with the translations of a language; English has none, its texts are the message ids."""
    return _CATALOGUES / language / "LC_MESSAGES" / "proviso.po"


@lru_cache(maxsize=3)
def translations(language: Language) -> NullTranslations:
    """Return the translations of a language, compiled in memory."""
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_file(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=_LOCALES[language]))
    compiled.seek(0)
    return GNUTranslations(compiled)


class Words:
    """Texts, numbers and dates in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.locale = Locale.parse(_LOCALES[language])
        self.translations = translations(language)

    @property
    def tag(self) -> str:
        """The language as HTML knows it (BCP 47)."""
        return _LOCALES[self.language].replace("_", "-")

    def text(self, msgid: str, **values: object) -> str:
        """Return a text of ours, with values placed; `msgid` is never what others wrote."""
        translated = self.translations.gettext(msgid) if msgid else ""  # "" is the id of the catalogue's header
        return translated % values if values else translated

    def count(self, one: str, many: str, number: int) -> str:
        """Return a text of ours that counts; `%(number)s` in it is the number."""
        return self.translations.ngettext(one, many, number) % {"number": self.number(number)}

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as it is written, with at most so many decimals."""
        pattern = "#,##0" + (f".{'#' * digits}" if digits else "")
        return format_decimal(value, format=pattern, locale=self.locale)

    def percent(self, share: float) -> str:
        """Return a share as a whole percentage, rounded down so that it never says more than there is."""
        return format_percent(floor(share * 100) / 100, locale=self.locale)

    def date_of(self, moment: datetime) -> str:
        """Return the day in contract time."""
        return self.day(moment.astimezone(CONTRACT_TIME).date())

    def day(self, day: date) -> str:
        """Return a day."""
        return format_date(day, format="long", locale=self.locale)

    def time(self, moment: datetime) -> str:
        """Return the time of day in contract time, to the second."""
        return format_time(moment, format="HH:mm:ss", tzinfo=CONTRACT_TIME, locale=self.locale)

    def short_day(self, moment: datetime) -> str:
        """Return day and month in contract time, for a mark on an axis."""
        return format_date(moment.astimezone(CONTRACT_TIME).date(), format="d MMM", locale=self.locale)

    def minute(self, moment: datetime, now: datetime | None = None) -> str:
        """Return day and time in contract time, to the minute, for a cell of a table.

        Args:
            now: the year is left out of what is less than half a year before.
        """
        near = now is not None and now - moment < HALF_A_YEAR
        pattern = "d MMM" if near else "d MMM yyyy"
        day = format_date(moment.astimezone(CONTRACT_TIME).date(), format=pattern, locale=self.locale)
        return f"{day}, {format_time(moment, format='HH:mm', tzinfo=CONTRACT_TIME, locale=self.locale)}"
