"""Debian's Chromium, driven by playwright, and whatever a page tries to do in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

CHROMIUM = Path("/usr/bin/chromium")

needs_browser = pytest.mark.skipif(
    not CHROMIUM.exists(), reason=f"no {CHROMIUM}: apt-get install chromium tries the report in a real browser"
)

PHONE, DESKTOP, A4 = 360, 1100, 680
"""Widths in CSS pixels; of A4, what its margins leave."""

HEIGHT = 800


@contextmanager
def chromium() -> "Iterator[Browser]":
    """Yield a browser that speaks to nobody by itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            headless=True,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """The browser of a module's tests; each opens pages of its own in it.

    It must not outlive its module: playwright keeps an event loop running in this thread, beside which DBOS refuses to
    work in the tests that come after.
    """
    with chromium() as started:
        yield started


@dataclass
class Opened:
    """A page, and what it did."""

    page: "Page"
    dialogs: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def dismiss(self, dialog: "Dialog") -> None:
        """Note a dialog, and close it."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@contextmanager
def opened(
    browser: "Browser",
    file: Path,
    *,
    width: int = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
    scripts: bool = True,
) -> Iterator[Opened]:
    """Open a file as a customer would, and watch.

    Pages with scripts are opened one after the other in one tab, as a tab of its own takes three times the work of a
    page; a tab in which something failed is not used again.
    """
    used = browser.contexts[0] if browser.contexts and scripts else browser.new_context(java_script_enabled=scripts)
    page = used.pages[0] if used.pages else used.new_page()
    seen = Opened(page)
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(media="screen", color_scheme=scheme)
    with used if not scripts else closed_if_it_fails(used), watched(seen):
        page.goto(file.as_uri(), wait_until="load")
        yield seen


@contextmanager
def closed_if_it_fails(context: "BrowserContext") -> Iterator[None]:
    """Close the tabs in which something fails."""
    try:
        yield
    except BaseException:
        context.close()
        raise


@contextmanager
def watched(seen: Opened) -> Iterator[None]:
    """Note all that a page does meanwhile."""
    page, context = seen.page, seen.page.context
    heard = {
        "dialog": seen.dismiss,
        "console": lambda message: seen.console.append(message.text),
        "pageerror": lambda error: seen.console.append(str(error)),
        "request": lambda request: seen.requests.append(request.url),
    }
    for event, hear in heard.items():
        page.on(event, hear)  # type: ignore[call-overload]

    def other(opened: "Page") -> None:
        seen.requests.append(opened.url)

    context.on("page", other)
    try:
        yield
    finally:
        for event, hear in heard.items():
            page.remove_listener(event, hear)
        context.remove_listener("page", other)
