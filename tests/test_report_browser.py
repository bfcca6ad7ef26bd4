"""The acceptance report in a real browser: nothing in it runs or loads, and people can read it."""

import re
from pathlib import Path
from typing import Literal

import pytest
from acceptances import HOSTILE, hostile, not_proven, proven
from browsers import A4, PHONE, needs_browser, opened
from playwright.sync_api import Browser

from provisioning.reports import Language, acceptance_page
from provisioning.reports.visible import one_line

pytestmark = needs_browser

SELF_MADE = "a[href^='#']"
SMUGGLED = "script, img, iframe, object, embed, form, input, link, base, meta[http-equiv=refresh], svg *[onload]"

HANDLERS = """() => [...document.querySelectorAll("*")].flatMap(
    (each) => [...each.attributes].map((attribute) => attribute.name)
).filter((name) => name.startsWith("on") || name === "style")"""

RIGHTMOST = """() => Math.max(
    ...[...document.querySelectorAll("body *:not(svg *)")].map((each) => each.getBoundingClientRect().right)
)"""

OUTSIDE_ITS_CELL = """() => [...document.querySelectorAll("td .badge")].filter(
    (each) => each.getBoundingClientRect().right > each.closest("td").getBoundingClientRect().right
).length"""

TOO_FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgba(getComputedStyle(each).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => each / 255).map(
      (each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || ["title", "desc"].includes(element.localName)) continue;
    const style = getComputedStyle(element);
    const svg = element.namespaceURI.endsWith("svg");
    const [one, other] = [light(rgba(svg ? style.fill : style.color)), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${element.outerHTML}`);
  }
  return faint;
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    languages: tuple[Language, ...] = ("en", "fr", "nl")
    for language in languages:
        for make in (proven, not_proven, hostile):
            path = folder / f"{make.__name__}-{language}.html"
            path.write_text(acceptance_page(make(), language), "utf-8")
    return folder


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
        page = seen.page
        page.mouse.move(200, 300)
        assert page.locator(SMUGGLED).count() == 0
        assert page.locator("a").count() == page.locator(SELF_MADE).count()
        assert page.evaluate(HANDLERS) == []
        shown = page.locator("body").inner_text()
        for text in HOSTILE:
            assert one_line(text) in shown
        assert "54439" not in shown
        assert seen.requests == [file.as_uri()]
        assert seen.dialogs == []
        assert seen.console == []


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
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert seen.page.evaluate(RIGHTMOST) <= PHONE


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
        page = seen.page
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("document.documentElement.scrollWidth") <= A4
        printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} <= {(595, 842), (596, 842)}
    assert 1 <= printed.count(b"/Type /Page\n") <= 5


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
