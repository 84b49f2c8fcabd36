"""Names that the provider gives where the program gives none.

The bridged providers append a dash and seven hexadecimal digits drawn from the seed that the engine sends,
so that a name is new for each new resource and the same when a check is repeated.
"""

import hashlib

from sandbox.cloud.provider.model import CheckCall, Failure

_RANDOM_LENGTH = 7


def generated_name(
    call: CheckCall, *, property_: str, limit: int | None, prefix: str, is_lower: bool
) -> str | Failure:
    """The name for a resource, or why none can be given."""
    wanted = call.autonaming
    if wanted.is_disabled:
        return Failure(property_, "automatic naming is disabled but no explicit name was provided")
    if wanted.proposed_name:
        return prefix + wanted.proposed_name
    stem = prefix + (call.target.name.lower() if is_lower else call.target.name)
    if limit is not None and len(stem) + 1 + _RANDOM_LENGTH > limit:
        reason = f"name '{stem}-' plus {_RANDOM_LENGTH} random chars is longer than maximum length {limit}"
        return Failure(property_, reason)
    seed = call.random_seed or call.target.urn.encode()
    return f"{stem}-{hashlib.sha256(seed).hexdigest()[:_RANDOM_LENGTH]}"
