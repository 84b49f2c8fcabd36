"""The OpenAPI document against the running server: generated requests, answers as declared, never a 5xx."""

from collections.abc import Iterator

import pytest
import schemathesis
from schemathesis.generation import GenerationMode

from tests.service.api.documented import CASES, Documented, serving, try_out

DEEP = 60


@pytest.fixture(scope="module")
def documented(postgres_url: str, template_database: str) -> Iterator[Documented]:
    with serving(postgres_url, template_database) as served:
        yield served


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_answers_are_as_documented(
    operation: schemathesis.APIOperation, mode: GenerationMode, documented: Documented
) -> None:
    """Whatever is sent, valid or not, the answer is one that the document declares."""
    assert try_out(operation, mode, documented, "admin", 6)


@pytest.mark.slow
@pytest.mark.parametrize("caller", ["admin", "viewer", "nobody"])
@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_answers_are_as_documented_in_depth(
    operation: schemathesis.APIOperation, mode: GenerationMode, documented: Documented, caller: str
) -> None:
    """The same with ten times as many requests, and under every kind of caller."""
    assert try_out(operation, mode, documented, caller, DEEP)
