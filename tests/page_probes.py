"""What is asked of a report in a browser: that nothing in it runs or loads, and that people can read and print it."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from acceptances import HOSTILE
from browsers import A4, Opened

from provisioning.reports import Language
from provisioning.reports.visible import one_line

LANGUAGES: tuple[Language, ...] = ("en", "fr", "nl")
Report = TypeVar("Report")

SELF_MADE = "a[href^='#']"
SMUGGLED = "script, img, iframe, object, embed, form, input, link, base, meta[http-equiv=refresh], svg *[onload]"

HANDLERS = """() => [...document.querySelectorAll("*")].flatMap(
    (each) => [...each.attributes].map((attribute) => attribute.name)
).filter((name) => name.startsWith("on") || name === "style")"""

RIGHTMOST = """() => Math.max(
    ...[...document.querySelectorAll("body *:not(svg *)")].map((each) => each.getBoundingClientRect().right)
)"""

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

CLIPPED = """() => [...document.querySelectorAll("svg.plot text")].filter((each) => {
    const box = each.getBoundingClientRect(), whole = each.ownerSVGElement.getBoundingClientRect();
    return box.left < whole.left - 1 || box.right > whole.right + 1;
}).map((each) => each.textContent)"""

OVERLAPPING = """() => [...document.querySelectorAll("svg.plot")].flatMap((plot) => {
    const boxes = [...plot.querySelectorAll("text")].map((each) => each.getBoundingClientRect());
    return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom - 2 && other.top < one.bottom - 2));
}).length"""

BROKEN_WORDS = """() => [...document.querySelectorAll(
    ".counts span, .counts b, .list th, .drilled .when bdi")].flatMap((each) => {
    const texts = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    return texts.flatMap((text) => [...text.data.matchAll(/[^\\s-]+/g)].filter((word) => {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1;
    }).map((word) => word[0]));
})"""


def written(folder: Path, page: Callable[[Report, Language], str], made: Sequence[Callable[[], Report]]) -> Path:
    """Write the pages of reports in every language, each as `NAME-LANGUAGE.html`; return the folder."""
    for language in LANGUAGES:
        for make in made:
            (folder / f"{make.__name__}-{language}.html").write_text(page(make(), language), "utf-8")
    return folder


def assert_harmless(seen: Opened, file: Path) -> None:
    """See that what is hostile in a page is text, and that the page loads and does nothing."""
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


def assert_scrolls_one_way(seen: Opened, width: int, rightmost: str = RIGHTMOST) -> None:
    """See that nothing of a page stands beyond its width."""
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.page.evaluate(rightmost) <= width


def assert_plots_can_be_read(seen: Opened) -> None:
    """See that the texts of plots stand inside them, and not upon each other."""
    assert seen.page.evaluate(CLIPPED) == []
    assert seen.page.evaluate(OVERLAPPING) == 0


def printed_pages(seen: Opened) -> int:
    """Print a page that is open in a dark room, black on white on A4; return how many sheets that takes."""
    page = seen.page
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} <= {(595, 842), (596, 842)}
    return printed.count(b"/Type /Page\n")
