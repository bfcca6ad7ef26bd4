"""The report of a night in a real browser: nothing in it runs or loads, and people can read it on any paper."""

from pathlib import Path
from typing import Literal

import pytest
from browsers import A4, DESKTOP, HEIGHT, PHONE, needs_browser, opened
from nights import hostile, large, no_night, one_night
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

from provisioning.reports import nightly_page

pytestmark = needs_browser

TALLEST_BEFORE_THE_LIST = 4000
"""Pixels of a desktop: whoever opens a page with hundreds of failures sees what the night came to first."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("pages"), nightly_page, (no_night, one_night, large, hostile))


def test_nothing_hostile_runs_or_loads(browser: Browser, pages: Path) -> None:
    file = pages / "hostile-en.html"
    with opened(browser, file) as seen:
        assert_harmless(seen, file)


@pytest.mark.parametrize("name", ["no_night-en", "one_night-fr", "large-nl", "hostile-en"])
def test_a_phone_scrolls_one_way_only(browser: Browser, pages: Path, name: str) -> None:
    with opened(browser, pages / f"{name}.html", width=PHONE) as seen:
        assert_scrolls_one_way(seen, PHONE)


@pytest.mark.parametrize("width", [DESKTOP, 1200, 800])
def test_a_name_without_a_blank_stays_on_a_desktop_too(browser: Browser, pages: Path, width: int) -> None:
    with opened(browser, pages / "hostile-en.html", width=width) as seen:
        assert_scrolls_one_way(seen, width)


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
@pytest.mark.parametrize("name", ["no_night", "one_night", "large"])
def test_no_heading_is_broken_within_a_word(browser: Browser, pages: Path, name: str, language: str) -> None:
    with opened(browser, pages / f"{name}-{language}.html") as seen:
        for width in (PHONE, 400, 640, 800, DESKTOP):
            seen.page.set_viewport_size({"width": width, "height": HEIGHT})
            assert (width, seen.page.evaluate(BROKEN_WORDS)) == (width, [])


@pytest.mark.parametrize("name", ["one_night-nl", "large-fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, pages: Path, name: str, scheme: Literal["light", "dark"]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    with opened(browser, pages / f"{name}.html", scheme=scheme) as seen:
        assert seen.page.evaluate(TOO_FAINT) == []


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_the_texts_of_a_plot_stand_inside_it_and_apart(browser: Browser, pages: Path, language: str) -> None:
    with opened(browser, pages / f"large-{language}.html") as seen:
        assert seen.page.locator("svg.plot polyline").count() == 4
        assert_plots_can_be_read(seen)


def test_what_the_night_came_to_stands_before_every_line_that_failed(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "large-en.html") as seen:
        page = seen.page
        failed = page.locator("#failed").bounding_box()
        assert failed is not None
        assert failed["y"] < TALLEST_BEFORE_THE_LIST
        link = page.get_by_role("link", name="The router has another host key")
        link.click()
        target = link.get_attribute("href") or ""
        assert page.url.endswith(target)
        assert page.locator(target).count() == 1
        assert page.locator(".failures tbody tr").count() == 300


def test_it_prints_on_a4_as_black_on_white(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "one_night-nl.html", width=A4, scheme="dark") as seen:
        assert 1 <= printed_pages(seen) <= 3
