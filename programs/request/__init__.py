"""The environment request: strict models of everything a team can ask for."""

from programs.request.environment import EcsEnvironment, EksEnvironment, EnvironmentRequest
from programs.request.parse import parse_request

__all__ = ["EcsEnvironment", "EksEnvironment", "EnvironmentRequest", "parse_request"]
