"""The form as a person meets it: in a browser, from this server alone."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Page, Request, async_playwright, expect

from tests.service.documents import EXAMPLES

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PATIENCE_MILLISECONDS = 120_000
"""A busy machine draws the page slowly; what is waited for says when it is there."""
expect.set_options(timeout=PATIENCE_MILLISECONDS)
CREATE = "#operations-Environments-create_environment"


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of the system's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        made = await browser.new_page(viewport={"width": 1280, "height": 1000})
        yield made
        await browser.close()


@pytest.mark.browser
async def test_environment_is_created_with_the_form(page: Page, server_url: str) -> None:
    """The form opens with the examples; picking one and pressing Execute makes the environment."""
    asked: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(server_url)
    assert page.url.startswith(f"{server_url}/docs")
    form = page.locator(CREATE)
    examples = form.locator(".opblock-section-request-body select.examples-select-element")
    await expect(examples).to_be_visible()
    options = await examples.locator("option").all_inner_texts()
    assert len(options) == len(list(EXAMPLES.glob("*.yaml")))
    await examples.select_option(label=next(text for text in options if text.startswith("shop (ECS)")))
    editor = form.locator("textarea.body-param__text")
    await expect(editor).to_have_value(re.compile(r'"name": "shop"'))
    await editor.fill((await editor.input_value()).replace('"team": "storefront"', '"team": "form-team"'))
    await form.get_by_role("button", name="Execute").click()
    await expect(form.locator(".live-responses-table tr.response .response-col_status")).to_contain_text(
        "202"
    )
    progress = page.locator("#berth-progress")
    await expect(progress).to_contain_text("deploy")
    await expect(progress).to_contain_text("queued")

    async with httpx.AsyncClient(base_url=server_url) as client:
        made = (await client.get("/v1/environments", params={"team": "form-team"})).json()["items"]
    assert [environment["name"] for environment in made] == ["shop"]
    assert all(url.startswith((server_url, "data:")) for url in asked)
    assert complaints == []


@pytest.mark.browser
async def test_refusal_shows_the_place(page: Page, server_url: str) -> None:
    """A request that breaks a rule shows the problem with its pointer in the form."""
    await page.goto(f"{server_url}/docs")
    form = page.locator(CREATE)
    await form.locator("textarea.body-param__text").fill('{"orchestrator": "ecs", "colour": "red"}')
    await form.get_by_role("button", name="Execute").click()
    await expect(form.locator(".live-responses-table tr.response .response-col_status")).to_contain_text(
        "422"
    )
    await expect(form.locator(".live-responses-table")).to_contain_text("/colour")


@pytest.mark.browser
async def test_form_fits_a_phone(page: Page, server_url: str) -> None:
    """On a narrow screen nothing hangs over the side."""
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.goto(f"{server_url}/docs")
    await expect(page.locator(CREATE)).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_assets_are_our_own(client: httpx.AsyncClient) -> None:
    """The page and its assets come from this server under a policy that allows no other."""
    form = await client.get("/docs")
    assert form.status_code == 200
    assert "default-src 'none'" in form.headers["content-security-policy"]
    assert "://" not in re.sub(r"<!--.*?-->", "", form.text)
    for asset in re.findall(r'(?:src|href)="(form/[^"]+)"', form.text):
        assert (await client.get(f"/{asset}")).status_code == 200, asset
    assert (await client.get("/form/nothing.js")).status_code == 404
    assert (await client.get("/form/..%2Froutes.py")).status_code == 404
