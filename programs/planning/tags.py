"""The tags that every resource of an environment bears."""

from programs.facts import Facts
from programs.request.shape import SharedShape

ENVIRONMENT_ID_TAG = "berth:environment-id"
"""Finds everything an environment owns, whatever became of its state."""


def environment_tags(request: SharedShape, facts: Facts) -> dict[str, str]:
    """The request's own tags, with environment id, name, team, class and, where it has one, expiry added."""
    tags = dict(request.tags) | {
        ENVIRONMENT_ID_TAG: facts.environment_id,
        "berth:environment": request.name,
        "berth:team": request.team,
        "berth:class": request.environment_class.value,
    }
    if facts.expires_on is not None:
        tags["berth:expires-on"] = facts.expires_on
    return tags
