"""All guardrails. A further one is a file with its text, a line here, and a test."""

from service.guardrails.model import Guardrail, RuleName
from service.guardrails.rules import (
    instance_families,
    latest_images,
    missing_tags,
    public_access,
    regions,
    unencrypted_storage,
    wildcard_iam,
)

RULES: dict[RuleName, Guardrail] = {
    rule.name: rule
    for rule in (
        public_access.RULE,
        unencrypted_storage.RULE,
        wildcard_iam.RULE,
        latest_images.RULE,
        missing_tags.RULE,
        instance_families.RULE,
        regions.RULE,
    )
}
