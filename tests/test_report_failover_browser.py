"""The report of drills in a real browser: nothing in it runs or loads, and people can read it on any paper."""

from pathlib import Path
from typing import Literal

import pytest
from browsers import A4, DESKTOP, HEIGHT, PHONE, needs_browser, opened
from drilled import hostile, month, no_drill, one_drill
from page_probes import (
    BROKEN_WORDS,
    TOO_FAINT,
    assert_harmless,
    assert_plots_can_be_read,
    assert_scrolls_one_way,
    printed_pages,
    written,
)
from playwright.sync_api import Browser

from provisioning.reports.failover_page import failover_page

pytestmark = needs_browser

RIGHTMOST = """() => Math.max(...[...document.querySelectorAll("body *")].filter((each) => !each.closest(".wide *"))
    .map((each) => each.getBoundingClientRect().right))"""
"""Of what does not scroll by itself: a timeline is as wide as it has to be."""

SPILLED = """() => [...document.querySelectorAll(".drilled td")].filter((each) => each.scrollWidth > each.clientWidth)
    .map((each) => each.innerText)"""
"""Cells of figures whose text is wider than they are."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("pages"), failover_page, (no_drill, one_drill, month, hostile))


def test_nothing_hostile_runs_or_loads(browser: Browser, pages: Path) -> None:
    file = pages / "hostile-en.html"
    with opened(browser, file) as seen:
        assert_harmless(seen, file)


@pytest.mark.parametrize("name", ["no_drill-en", "one_drill-fr", "month-nl", "hostile-en"])
@pytest.mark.parametrize("width", [PHONE, 800, DESKTOP])
def test_a_page_scrolls_one_way_only(browser: Browser, pages: Path, name: str, width: int) -> None:
    with opened(browser, pages / f"{name}.html", width=width) as seen:
        assert_scrolls_one_way(seen, width, RIGHTMOST)


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_no_heading_is_broken_within_a_word(browser: Browser, pages: Path, language: str) -> None:
    with opened(browser, pages / f"month-{language}.html") as seen:
        for width in (PHONE, 640, DESKTOP):
            seen.page.set_viewport_size({"width": width, "height": HEIGHT})
            assert (width, seen.page.evaluate(BROKEN_WORDS)) == (width, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, pages: Path, scheme: Literal["light", "dark"]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    with opened(browser, pages / "month-nl.html", scheme=scheme) as seen:
        assert seen.page.evaluate(TOO_FAINT) == []


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_the_texts_of_a_timeline_stand_inside_it_and_apart(browser: Browser, pages: Path, language: str) -> None:
    with opened(browser, pages / f"one_drill-{language}.html") as seen:
        assert seen.page.locator("svg.plot").count() == 1
        assert_plots_can_be_read(seen)


def test_it_prints_on_a4_as_black_on_white(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "one_drill-nl.html", width=A4, scheme="dark") as seen:
        assert 1 <= printed_pages(seen) <= 3


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
@pytest.mark.parametrize("width", [760, DESKTOP])
def test_no_target_runs_into_its_verdict(browser: Browser, pages: Path, language: str, width: int) -> None:
    with opened(browser, pages / f"one_drill-{language}.html", width=width) as seen:
        assert seen.page.evaluate(SPILLED) == []
