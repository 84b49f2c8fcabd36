"""Documents and what the program makes of them, each recorded once."""

from functools import cache
from pathlib import Path
from typing import cast

import yaml

from programs.program import program_for
from programs.request import parse_request
from tests.programs.ecs.variants import VARIANTS, Document
from tests.programs.recording import FACTS, Recording, record

_EXAMPLES = Path(__file__).parents[3] / "examples"

EXAMPLES: dict[str, Document] = {
    path.name.removesuffix(".ecs.yaml"): cast("Document", yaml.safe_load(path.read_text()))
    for path in sorted(_EXAMPLES.glob("*.ecs.yaml"))
}
DOCUMENTS = {**EXAMPLES, **VARIANTS}


def plan(document: Document) -> Recording:
    """Return what the program makes of a document."""
    return record(program_for(parse_request(document), FACTS))


@cache
def plan_of(name: str) -> Recording:
    """Return what the program makes of a named document."""
    return plan(DOCUMENTS[name])
