"""The process that runs one operation: `python -m service.engine.runner`, started warm, used once.

It is the leader of its own session, has an environment built from nothing, and holds one token for
one stack. What most programs import is imported before it says that it is ready.
"""

import importlib

from pulumi.automation import PulumiFn

from programs.facts import Facts
from programs.program import program_for
from programs.request import parse_request
from service.core.heap import kept_for_good
from service.engine.serve import serve

PRELOADED = "programs.ecs.program"


def program_from_document(request: dict[str, object], facts: Facts) -> PulumiFn:
    """Turn a recorded request into its blueprint's program."""
    return program_for(parse_request(request), facts)


def preload() -> None:
    """Import what programs are made of, which is much."""
    with kept_for_good():
        importlib.import_module(PRELOADED)


if __name__ == "__main__":
    preload()
    serve(program_from_document)
