"""What every page of ours has: templates that escape, one style sheet, and a policy that lets nothing run or load."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from provisioning.reports.words import Language, Words, translations

TEMPLATES = Path(__file__).parent / "templates"


def frame(words: Words, *sheets: str) -> dict[str, object]:
    """Return what the head of a page is made of: its language, its style and its policy.

    Args:
        sheets: names of files among the templates, which make one style sheet.
    """
    style = "".join((TEMPLATES / each).read_text("utf-8") for each in sheets)
    return {
        "tag": words.tag,
        "policy": _policy(style),
        "style": Markup(style),  # noqa: S704 - files of ours, with nothing placed in them
    }


@lru_cache(maxsize=3)
def environment(language: Language) -> Environment:
    """Return the templates in a language: they escape what is placed, and refuse what is not there."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Templates call `_` with texts of ours only: what it returns counts as markup.
    # The extension above adds the method; the class itself does not have it.
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # said above
    return made


def coded(text: str) -> Markup:
    """Return a text of ours as HTML, with what stands between backquotes set as code."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f'<span class="code">{each}</span>' if at % 2 else each for at, each in enumerate(parts)))  # noqa: S704 - escaped


def _policy(style: str) -> str:
    """Return the content security policy: nothing may run, load or be sent; only our style sheet counts."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
