"""Signing in at the form, in a browser: with a token, and at the identity provider."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from service.main import create_app
from service.settings import Settings
from tests.service.conftest import serve
from tests.service.form.provider import Provider, providing
from tests.service.form.test_form import ARGUMENTS, CHROMIUM, PATIENCE_MILLISECONDS

pytestmark = pytest.mark.browser
ADMIN_TOKEN = "an-admin-token-of-more-than-32-characters"  # noqa: S105 -- opens tests only
ME = "#operations-Access-get_me"


@dataclass
class Browser:
    """A browser's page at the form, and what its console complained of, popups' too."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda one: self.complaints.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def open(self) -> None:
        await self.page.goto(f"{self.url}/docs")
        await self.page.locator(".auth-wrapper .btn.authorize").click()
        await expect(self.page.locator(".dialog-ux .modal-ux")).to_be_visible()

    async def ask_who_i_am(self) -> str:
        """Close the dialog, ask `GET /v1/me`, and return the answer as the page shows it."""
        await self.page.locator(".dialog-ux .close-modal").click()
        operation = self.page.locator(ME)
        await operation.locator(".opblock-summary").click()
        await operation.get_by_role("button", name="Execute").click()
        answer = operation.locator(".live-responses-table")
        await expect(answer.locator(".response-col_status").last).to_contain_text("200")
        return await answer.inner_text()

    async def picture(self, name: str) -> None:
        """Keep a picture where somebody wants to look at it."""
        folder = os.environ.get("BERTH_TEST_PICTURES")
        if folder:
            await self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with providing() as made:
        yield made


@pytest.fixture
async def context() -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        yield context
        await browser.close()


@pytest.fixture
async def browser(settings: Settings, provider: Provider, context: BrowserContext) -> AsyncIterator[Browser]:
    document = settings.model_dump() | {
        "database_url": settings.database_url,
        "secrets_key": settings.secrets_key,
        "admin_token": ADMIN_TOKEN,
        "oidc": provider.settings(),
        "groups": {"shop": [{"team": "storefront", "role": "developer"}]},
    }
    async with serve(create_app(Settings.model_validate(document))) as url:
        made = Browser(await context.new_page(), url)
        made.listen(made.page)
        context.on("page", made.listen)
        yield made


async def test_a_token_is_pasted_and_used(browser: Browser) -> None:
    """Berth's own tokens go into the bearer field; the next request carries them."""
    async with httpx.AsyncClient(base_url=browser.url) as client:
        wish = {"kind": "service", "name": "ci", "team": "storefront"}
        wish["grants"] = [{"team": "storefront", "role": "viewer"}]
        proof = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        token = (await client.post("/v1/tokens", json=wish, headers=proof)).json()["token"]
    await browser.open()
    await browser.picture("authorize")
    bearer = browser.page.locator(".auth-container").filter(has_text="http, Bearer")
    await bearer.locator("input").fill(token)
    await bearer.get_by_role("button", name="Apply credentials").click()
    await expect(bearer.get_by_role("button", name="Remove authorization")).to_be_visible()
    assert "service:storefront/ci" in await browser.ask_who_i_am()
    await browser.picture("token")
    assert browser.complaints == []


async def test_one_signs_in_at_the_identity_provider(browser: Browser, provider: Provider) -> None:
    """Authorization code with PKCE: a popup, its answer, a token for the code, and requests that carry it."""
    await browser.open()
    oauth = browser.page.locator(".auth-container").filter(has_text="authorizationCode")
    await oauth.get_by_text("select all").click()
    async with browser.page.expect_popup() as popup:
        await oauth.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(oauth.get_by_role("button", name="Remove authorization")).to_be_visible()
    opened = await popup.value
    assert opened.is_closed()
    await browser.picture("signed-in")
    shown = await browser.ask_who_i_am()
    assert "user:kim" in shown
    assert "storefront" in shown
    assert provider.redirects == [f"{browser.url}/docs/oauth2-redirect"]
    assert (provider.challenges, provider.refused) == ({}, 0)
    assert browser.complaints == []


@pytest.mark.slow
async def test_an_answer_to_another_question_is_refused(browser: Browser, provider: Provider) -> None:
    """A code that comes with another state than was sent is not used: nobody is signed in as a stranger."""
    await browser.open()
    oauth = browser.page.locator(".auth-container").filter(has_text="authorizationCode")
    provider.forges_state = True
    async with browser.page.expect_popup():
        await oauth.get_by_role("button", name="Apply given OAuth2 credentials").click()
    await expect(oauth.locator(".errors")).to_contain_text("belongs to another question")
    await expect(oauth.get_by_role("button", name="Remove authorization")).to_have_count(0)
    assert provider.refused == 0
    assert len(provider.challenges) == 1
