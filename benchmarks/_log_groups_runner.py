"""A runner that makes as many log groups as the request's tag asks for."""

from collections.abc import Callable, Mapping
from typing import cast

from benchmarks._log_groups import log_groups
from programs.facts import Facts
from service.engine.serve import serve

COUNT_TAG = "resources"


def program_for(request: dict[str, object], _facts: Facts) -> Callable[[], None]:
    """Read the count from the request's tags."""
    tags = cast("Mapping[str, str]", request["tags"])
    return log_groups(int(tags[COUNT_TAG]))


if __name__ == "__main__":
    serve(program_for)
