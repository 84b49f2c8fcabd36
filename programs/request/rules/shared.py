"""Rules that hold on either orchestrator, one function each, found by the part they look at."""

from collections.abc import Iterator

from programs.request.rules.images import image_problems
from programs.request.rules.network import network_problems
from programs.request.rules.problem import Problem
from programs.request.rules.references import reference_problems
from programs.request.rules.rollouts import shared_rollout_problems
from programs.request.rules.routes import route_problems
from programs.request.rules.settings import setting_problems
from programs.request.rules.tags import tag_problems
from programs.request.rules.uniqueness import uniqueness_problems
from programs.request.shape import SharedShape


def shared_problems(request: SharedShape) -> Iterator[Problem]:
    """Everything about a request that cannot be on either orchestrator."""
    yield from uniqueness_problems(request)
    yield from setting_problems(request)
    yield from image_problems(request)
    yield from reference_problems(request)
    yield from route_problems(request)
    yield from network_problems(request)
    yield from shared_rollout_problems(request)
    yield from tag_problems(request)
