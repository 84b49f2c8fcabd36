"""The form that people fill in: Swagger UI on this server's own document, with local assets only."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, RedirectResponse, Response

from service.access.http import open_to_all
from service.core.errors import NotFoundError

_OWN = Path(__file__).parent / "static"
_SWAGGER = Path(str(files("fastapi_swagger"))) / "resources"
_ASSETS = {
    "swagger-ui-bundle.js": _SWAGGER / "swagger-ui-bundle.js",
    "swagger-ui.css": _SWAGGER / "swagger-ui.css",
    "form.js": _OWN / "form.js",
    "form.css": _OWN / "form.css",
    "icon.svg": _OWN / "icon.svg",
}
# The browser itself refuses whatever is not from this server. Swagger UI sets styles on its elements and
# draws with data: images.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}

router = APIRouter(
    include_in_schema=False,
    dependencies=[open_to_all("the page tells nothing that the sources do not, and is where one signs in")],
)


@router.get("/")
async def go_to_form(request: Request) -> RedirectResponse:
    """Lead a person who types the address to the form."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/docs")


@router.get("/docs")
async def get_form() -> Response:
    """Show the form."""
    return FileResponse(_OWN / "index.html", headers=_HEADERS)


@router.get("/form/{asset}")
async def get_asset(asset: Annotated[str, PathParameter(max_length=64)]) -> Response:
    """Send one of the form's own files."""
    path = _ASSETS.get(asset)
    if path is None:
        raise NotFoundError("there is nothing at this address")
    return FileResponse(path, headers={**_HEADERS, "Cache-Control": "public, max-age=3600"})
