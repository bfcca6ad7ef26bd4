"""The acceptance report in a real browser: nothing in it runs or loads, and people can read it."""

import re
from pathlib import Path
from typing import Literal

import pytest
from acceptances import hostile, not_proven, proven
from browsers import A4, PHONE, needs_browser, opened
from page_probes import TOO_FAINT, assert_harmless, assert_scrolls_one_way, printed_pages, written
from playwright.sync_api import Browser

from provisioning.reports import acceptance_page

pytestmark = needs_browser

OUTSIDE_ITS_CELL = """() => [...document.querySelectorAll("td .badge")].filter(
    (each) => each.getBoundingClientRect().right > each.closest("td").getBoundingClientRect().right
).length"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("pages"), acceptance_page, (proven, not_proven, hostile))


def test_what_a_page_does_is_noticed(browser: Browser, tmp_path: Path) -> None:
    """Or the tests below would prove nothing."""
    file = tmp_path / "bad.html"
    file.write_text("<!doctype html><script>alert(1); console.error(2)</script><img src=x onerror=alert(3)>")
    with opened(browser, file) as seen:
        assert seen.dialogs == ["1", "3"]
        assert "2" in seen.console
        assert len(seen.requests) == 2


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_nothing_hostile_runs_or_loads(browser: Browser, pages: Path, language: str) -> None:
    file = pages / f"hostile-{language}.html"
    with opened(browser, file) as seen:
        seen.page.mouse.move(200, 300)
        assert_harmless(seen, file)
        assert "54439" not in seen.page.locator("body").inner_text()


def test_a_link_leads_inside_the_page(browser: Browser, pages: Path) -> None:
    file = pages / "not_proven-en.html"
    with opened(browser, file) as seen:
        link = seen.page.locator("a").first
        target = link.get_attribute("href")
        link.click()
        assert seen.page.url == f"{file.as_uri()}{target}"
        assert seen.page.locator(target or "").count() == 1
        assert seen.console == []


@pytest.mark.parametrize("name", ["proven-en", "proven-fr", "not_proven-nl", "hostile-en"])
def test_a_phone_scrolls_one_way_only(browser: Browser, pages: Path, name: str) -> None:
    with opened(browser, pages / f"{name}.html", width=PHONE) as seen:
        assert_scrolls_one_way(seen, PHONE)


@pytest.mark.parametrize("name", ["proven-nl", "not_proven-fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, pages: Path, name: str, scheme: Literal["light", "dark"]) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    with opened(browser, pages / f"{name}.html", scheme=scheme) as seen:
        paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", paper))) < 128 * 3) == (scheme == "dark")
        assert seen.page.evaluate(TOO_FAINT) == []
        assert seen.page.evaluate(OUTSIDE_ITS_CELL) == 0


def test_it_prints_on_a4_as_black_on_white(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "proven-nl.html", width=A4, scheme="dark") as seen:
        assert 1 <= printed_pages(seen) <= 5


def test_without_scripts_it_is_all_there(browser: Browser, pages: Path) -> None:
    with opened(browser, pages / "proven-en.html", scripts=False) as seen:
        page = seen.page
        assert page.locator("svg.plot polyline").count() == 2
        assert page.locator("svg.plot .target").count() == 2
        for plot in page.get_by_role("img").all():
            box = plot.bounding_box()
            assert box is not None
            assert box["width"] > 200
        assert page.get_by_role("img", name="Download, target: 100 Mbit/s").count() == 1
        assert page.get_by_role("table").count() == 5
        assert page.get_by_role("heading", name="Proven: this line works").count() == 1
