"""What the webhooks' routes need besides the database: the box of secrets and the rules of targets."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request

from service.settings import Settings
from service.webhooks.secrets import SecretBox, make_secret_box
from service.webhooks.targets import TargetRules


@dataclass(frozen=True, slots=True)
class WebhookContext:
    """Kept for as long as the application runs."""

    box: SecretBox
    rules: TargetRules


def keep_webhook_context(app: FastAPI, settings: Settings) -> None:
    """Put the context where requests find it."""
    app.state.webhooks = WebhookContext(
        make_secret_box(settings), TargetRules(settings.webhook_private_targets)
    )


def _context_of(request: Request) -> WebhookContext:
    return cast("WebhookContext", request.app.state.webhooks)


Webhooks = Annotated[WebhookContext, Depends(_context_of)]
