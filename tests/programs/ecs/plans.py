"""Documents and what the program makes of them, each recorded once."""

from functools import cache
from pathlib import Path
from typing import cast

import yaml

from tests.programs.ecs.variants import VARIANTS, Document
from tests.programs.recording import Recording, plan

_EXAMPLES = Path(__file__).parents[3] / "examples"

EXAMPLES: dict[str, Document] = {
    path.name.removesuffix(".ecs.yaml"): cast("Document", yaml.safe_load(path.read_text()))
    for path in sorted(_EXAMPLES.glob("*.ecs.yaml"))
}
DOCUMENTS = {**EXAMPLES, **VARIANTS}


@cache
def plan_of(name: str) -> Recording:
    """Return what the program makes of a named document."""
    return plan(DOCUMENTS[name])
