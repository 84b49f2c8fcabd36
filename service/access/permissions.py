"""The one table of who may do what: permissions, roles, and which role has which permission.

docs/access.md shows this table; a test keeps the two the same.
"""

from enum import StrEnum


class Permission(StrEnum):
    """One right to do one kind of thing; every route names the one that it needs."""

    ENVIRONMENTS_READ = "environments:read"
    ENVIRONMENTS_CREATE = "environments:create"
    ENVIRONMENTS_CHANGE = "environments:change"
    ENVIRONMENTS_EXTEND = "environments:extend"
    ENVIRONMENTS_DESTROY = "environments:destroy"
    OPERATIONS_READ = "operations:read"
    OPERATIONS_START = "operations:start"
    OPERATIONS_CANCEL = "operations:cancel"
    PLANS_DECIDE = "plans:decide"
    STATE_READ = "state:read"
    STATE_WRITE = "state:write"
    SECRETS_REVEAL = "secrets:reveal"
    STACKS_READ = "stacks:read"
    STACKS_UPDATE = "stacks:update"
    FREEZES_READ = "freezes:read"
    FREEZES_WRITE = "freezes:write"
    GUARDRAILS_READ = "guardrails:read"
    GUARDRAILS_EXEMPT = "guardrails:exempt"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    AUDIT_READ = "audit:read"
    TOKENS_OWN = "tokens:own"
    TOKENS_MANAGE = "tokens:manage"
    COSTS_READ = "costs:read"
    LIMITS_READ = "limits:read"
    COMPARISONS_READ = "comparisons:read"
    COMPARISONS_CREATE = "comparisons:create"
    BLUEPRINTS_READ = "blueprints:read"
    SYSTEM_READ = "system:read"
    METRICS_READ = "metrics:read"


class Role(StrEnum):
    """What somebody is in a team; `platform_admin` is one in every team and for what belongs to none."""

    VIEWER = "viewer"
    DEVELOPER = "developer"
    APPROVER = "approver"
    ADMIN = "admin"
    PLATFORM_ADMIN = "platform_admin"


TEXTS: dict[Permission, str] = {
    Permission.ENVIRONMENTS_READ: "List and read environments",
    Permission.ENVIRONMENTS_CREATE: "Create environments",
    Permission.ENVIRONMENTS_CHANGE: "Change the request of an environment",
    Permission.ENVIRONMENTS_EXTEND: "Let an environment live longer",
    Permission.ENVIRONMENTS_DESTROY: "Destroy environments",
    Permission.OPERATIONS_READ: "Read operations, their plans and events",
    Permission.OPERATIONS_START: "Start and retry operations",
    Permission.OPERATIONS_CANCEL: "Cancel operations",
    Permission.PLANS_DECIDE: "Approve and reject plans",
    Permission.STATE_READ: "Read outputs, resources and state versions, secrets masked",
    Permission.STATE_WRITE: "Restore, import and edit states, by the API and by the Pulumi CLI",
    Permission.SECRETS_REVEAL: "See secrets in the clear: reveal an output, decrypt by the Pulumi CLI",
    Permission.STACKS_READ: "List, read and export stacks by the Pulumi CLI, secrets encrypted",
    Permission.STACKS_UPDATE: "Make, preview, update, refresh and destroy stacks by the Pulumi CLI",
    Permission.FREEZES_READ: "List and read freezes",
    Permission.FREEZES_WRITE: "Freeze changes and lift freezes",
    Permission.GUARDRAILS_READ: "Read the guardrails and the exemptions from them",
    Permission.GUARDRAILS_EXEMPT: "Exempt a team or an environment from a guardrail",
    Permission.WEBHOOKS_READ: "List and read webhook endpoints and deliveries",
    Permission.WEBHOOKS_WRITE: "Create, change, test and remove webhook endpoints",
    Permission.AUDIT_READ: "Read the audit log",
    Permission.TOKENS_OWN: "Create, list and revoke personal access tokens of one's own",
    Permission.TOKENS_MANAGE: "Create, list and revoke the team's service tokens",
    Permission.COSTS_READ: "Read what operations, environments and teams cost",
    Permission.LIMITS_READ: "Read the team's quota, and check a request against it",
    Permission.COMPARISONS_READ: "Read comparisons of ECS and EKS, and ask for recommendations",
    Permission.COMPARISONS_CREATE: "Compare ECS and EKS for an application",
    Permission.BLUEPRINTS_READ: "Read the blueprints",
    Permission.SYSTEM_READ: "Read what this installation is",
    Permission.METRICS_READ: "Read the metrics, which count over all teams",
}

_VIEWER = frozenset(
    {
        Permission.ENVIRONMENTS_READ,
        Permission.OPERATIONS_READ,
        Permission.STATE_READ,
        Permission.STACKS_READ,
        Permission.FREEZES_READ,
        Permission.GUARDRAILS_READ,
        Permission.TOKENS_OWN,
        Permission.COSTS_READ,
        Permission.LIMITS_READ,
        Permission.COMPARISONS_READ,
        Permission.BLUEPRINTS_READ,
        Permission.SYSTEM_READ,
    }
)
_DEVELOPER = _VIEWER | {
    Permission.ENVIRONMENTS_CREATE,
    Permission.ENVIRONMENTS_CHANGE,
    Permission.ENVIRONMENTS_EXTEND,
    Permission.ENVIRONMENTS_DESTROY,
    Permission.OPERATIONS_START,
    Permission.OPERATIONS_CANCEL,
    Permission.STACKS_UPDATE,
    Permission.COMPARISONS_CREATE,
    Permission.WEBHOOKS_READ,
}
_APPROVER = _VIEWER | {Permission.PLANS_DECIDE, Permission.OPERATIONS_CANCEL, Permission.AUDIT_READ}
_ADMIN = (
    _DEVELOPER
    | _APPROVER
    | {
        Permission.STATE_WRITE,
        Permission.SECRETS_REVEAL,
        Permission.FREEZES_WRITE,
        Permission.WEBHOOKS_WRITE,
        Permission.TOKENS_MANAGE,
    }
)

PERMISSIONS_OF: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.DEVELOPER: _DEVELOPER,
    Role.APPROVER: _APPROVER,
    Role.ADMIN: _ADMIN,
    Role.PLATFORM_ADMIN: frozenset(Permission),
}


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that have a permission, the least first."""
    return tuple(role for role in Role if permission in PERMISSIONS_OF[role])


def permission_table() -> str:
    """Return the table as Markdown, as it stands in docs/access.md."""
    head = f"| permission | what for | {' | '.join(role.replace('_', ' ') for role in Role)} |"
    lines = [head, "| --- " * (2 + len(Role)) + "|"]
    for permission in Permission:
        marks = " | ".join("yes" if permission in PERMISSIONS_OF[role] else "" for role in Role)
        lines.append(f"| `{permission}` | {TEXTS[permission]} | {marks} |")
    return "\n".join(lines) + "\n"
