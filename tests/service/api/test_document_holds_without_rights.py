"""The OpenAPI document against the running server, asked by those who may not."""

from collections.abc import Iterator

import pytest
import schemathesis
from schemathesis.generation import GenerationMode

from service.access.permissions import PERMISSIONS_OF, Permission, Role
from tests.service.api.documented import CASES, DOCUMENT, Documented, serving, try_out

EXAMPLES = 2
UNREAD = {400, 404, 413, 415, 422, 428}
"""What a request is refused with that cannot be understood, its address among it, whoever asks."""


@pytest.fixture(scope="module")
def documented(postgres_url: str, template_database: str) -> Iterator[Documented]:
    with serving(postgres_url, template_database) as served:
        yield served


def described(operation: schemathesis.APIOperation) -> dict:
    return DOCUMENT["paths"][operation.path][operation.method.lower()]


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_nobody_learns_anything(
    operation: schemathesis.APIOperation, mode: GenerationMode, documented: Documented
) -> None:
    """Without a token every route that is not open answers 401, or that the request makes no sense."""
    statuses = set(try_out(operation, mode, documented, "nobody", EXAMPLES))
    if "security" in described(operation):
        assert statuses <= {401, *UNREAD}


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_a_viewer_changes_nothing(
    operation: schemathesis.APIOperation, mode: GenerationMode, documented: Documented
) -> None:
    """What a viewer lacks the permission for is never answered as done; a generated token is nobody's."""
    statuses = set(try_out(operation, mode, documented, "viewer", EXAMPLES))
    needed = described(operation).get("x-permission")
    if needed is not None and Permission(needed) not in PERMISSIONS_OF[Role.VIEWER]:
        assert statuses <= {401, 403, *UNREAD}
