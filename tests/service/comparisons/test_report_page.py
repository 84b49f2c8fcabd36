"""The report in a real browser, as wide as a phone and as wide as a desk."""

from pathlib import Path

import pytest
from playwright.async_api import Request, async_playwright

from service.comparisons.report import render_report
from tests.service.comparisons.sides import comparison

CHROMIUM = "/usr/bin/chromium"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1280])
async def test_report_fits_the_width_and_asks_for_nothing(tmp_path: Path, width: int) -> None:
    """Nothing runs over the edge, every chart is drawn, and no request leaves the page."""
    page_file = tmp_path / "report.html"
    page_file.write_text(render_report(comparison()), encoding="utf-8")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", note)
        await page.goto(page_file.as_uri())
        for details in await page.locator("details > summary").all():
            if await details.is_visible():
                await details.click()
        overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        heights = await page.evaluate(
            "[...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect().height)"
        )
        await browser.close()
    assert overflow <= 0
    assert len(heights) == 3
    assert min(heights) > 40
    assert asked == [page_file.as_uri()]
