"""`berth openapi`: prints the API's OpenAPI document, from which clients are generated."""

import base64
import json

import typer
from pydantic import SecretStr


def openapi() -> None:
    """Print the OpenAPI document of this version; nothing has to run for it."""
    from service.main import create_app  # noqa: PLC0415 -- loaded only where asked for
    from service.settings import Settings  # noqa: PLC0415 -- as above

    settings = Settings(
        database_url=SecretStr("postgresql:///never-opened"),
        secrets_key=SecretStr(base64.b64encode(bytes(32)).decode()),
    )
    typer.echo(json.dumps(create_app(settings).openapi(), indent=2, sort_keys=True))
