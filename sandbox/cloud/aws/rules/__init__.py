"""The rules that AWS enforces beyond types: each service's in a file of its own."""

from sandbox.cloud.aws.rules.registry import refuse_change, refuse_creation, refuse_deletion, refused_inputs

__all__ = ["refuse_change", "refuse_creation", "refuse_deletion", "refused_inputs"]
