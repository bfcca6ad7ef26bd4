"""The report of a night in a real browser: nothing in it runs or loads, and people can read it on any paper."""

import re
from pathlib import Path
from typing import Literal

import pytest
from acceptances import HOSTILE
from browsers import A4, DESKTOP, HEIGHT, PHONE, needs_browser, opened
from nights import hostile, large, no_night, one_night
from playwright.sync_api import Browser
from test_report_browser import HANDLERS, RIGHTMOST, SELF_MADE, SMUGGLED, TOO_FAINT

from provisioning.reports import Language, nightly_page
from provisioning.reports.visible import one_line

pytestmark = needs_browser

TALLEST_BEFORE_THE_LIST = 4000
"""Pixels of a desktop: whoever opens a page with hundreds of failures sees what the night came to first."""

CLIPPED = """() => [...document.querySelectorAll("svg.plot text")].filter((each) => {
    const box = each.getBoundingClientRect(), whole = each.ownerSVGElement.getBoundingClientRect();
    return box.left < whole.left - 1 || box.right > whole.right + 1;
}).map((each) => each.textContent)"""

OVERLAPPING = """() => [...document.querySelectorAll("svg.plot")].flatMap((plot) => {
    const boxes = [...plot.querySelectorAll("text")].map((each) => each.getBoundingClientRect());
    return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom - 2 && other.top < one.bottom - 2));
}).length"""


BROKEN_WORDS = """() => [...document.querySelectorAll(".counts span, .counts b, .list th")].flatMap((each) => {
    const texts = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    return texts.flatMap((text) => [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
    }).map((word) => word[0]));
})"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    languages: tuple[Language, ...] = ("en", "fr", "nl")
    for language in languages:
        for make in (no_night, one_night, large, hostile):
            (folder / f"{make.__name__}-{language}.html").write_text(nightly_page(make(), language), "utf-8")
    return folder


def test_nothing_hostile_runs_or_loads(browser: Browser, pages: Path) -> None:
    file = pages / "hostile-en.html"
    with opened(browser, file) as seen:
        page = seen.page
        assert page.locator(SMUGGLED).count() == 0
        assert page.locator("a").count() == page.locator(SELF_MADE).count()
        assert page.evaluate(HANDLERS) == []
        shown = page.locator("body").inner_text()
        for text in HOSTILE:
            assert one_line(text) in shown
        assert seen.requests == [file.as_uri()]
        assert seen.dialogs == []
        assert seen.console == []


@pytest.mark.parametrize("name", ["no_night-en", "one_night-fr", "large-nl", "hostile-en"])
def test_a_phone_scrolls_one_way_only(browser: Browser, pages: Path, name: str) -> None:
    with opened(browser, pages / f"{name}.html", width=PHONE) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert seen.page.evaluate(RIGHTMOST) <= PHONE


@pytest.mark.parametrize("width", [DESKTOP, 1200, 800])
def test_a_name_without_a_blank_stays_on_a_desktop_too(browser: Browser, pages: Path, width: int) -> None:
    with opened(browser, pages / "hostile-en.html", width=width) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.evaluate(RIGHTMOST) <= width


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
        assert seen.page.evaluate(CLIPPED) == []
        assert seen.page.evaluate(OVERLAPPING) == 0


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
        page = seen.page
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("document.documentElement.scrollWidth") <= A4
        printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} <= {(595, 842), (596, 842)}
    assert 1 <= printed.count(b"/Type /Page\n") <= 3
