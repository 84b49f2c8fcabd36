"""The form that people fill in: Swagger UI on this server's own document, with local assets only."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, RedirectResponse, Response

from service.access.http import open_to_all
from service.core.app_state import SettingsOf
from service.core.errors import NotFoundError
from service.settings import Settings

_OWN = Path(__file__).parent / "static"
_SWAGGER = Path(str(files("fastapi_swagger"))) / "resources"
_ASSETS = {
    "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
    "swagger-ui.css": _SWAGGER / "swagger-ui.css",
    "oauth2-redirect.js": _OWN / "oauth2-redirect.js",
    "form.js": _OWN / "form.js",
    "form.css": _OWN / "form.css",
    "icon.svg": _OWN / "icon.svg",
}
# The browser itself refuses whatever is not from this server. Swagger UI sets styles on its elements and
# draws with data: images.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src {connect}; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _headers(settings: Settings) -> dict[str, str]:
    """Return the headers of the form's files: besides this server, it gets tokens where people sign in."""
    token_url = settings.oidc.token_url if settings.oidc is not None else None
    place = urlsplit(token_url) if token_url else None
    connect = "'self'" if place is None else f"'self' {place.scheme}://{place.netloc}"
    return {
        "Content-Security-Policy": _POLICY.format(connect=connect),
        "X-Content-Type-Options": "nosniff",
    }


router = APIRouter(
    include_in_schema=False,
    dependencies=[open_to_all("the page tells nothing that the sources do not, and is where one signs in")],
)


@router.get("/")
async def go_to_form(request: Request) -> RedirectResponse:
    """Lead a person who types the address to the form."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/docs")


@router.get("/docs")
async def get_form(settings: SettingsOf) -> Response:
    """Show the form."""
    return FileResponse(_OWN / "index.html", headers=_headers(settings))


@router.get("/docs/oauth2-redirect")
async def get_redirect_page(settings: SettingsOf) -> Response:
    """Show the page to which the identity provider sends people back; it hands its answer to the form."""
    return FileResponse(_OWN / "oauth2-redirect.html", headers=_headers(settings))


@router.get("/form/{asset}")
async def get_asset(asset: Annotated[str, PathParameter(max_length=64)], settings: SettingsOf) -> Response:
    """Send one of the form's own files."""
    path = _ASSETS.get(asset)
    if path is None:
        raise NotFoundError("there is nothing at this address")
    return FileResponse(path, headers={**_headers(settings), "Cache-Control": "public, max-age=3600"})
