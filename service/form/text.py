"""What the OpenAPI page says above and between the operations."""

SUMMARY = "Self-service ECS and EKS environments"

DESCRIPTION = """\
One document describes an environment; Berth plans it, deploys it with Pulumi and keeps the record.

1. **Create**: open *Create an environment* below, pick an example, change what you like, *Execute*.
2. **Follow**: the answer names the operation; read it with `?wait=30`, or stream its events.
3. **Use**: *outputs* tells addresses and names, *resources* what stands, *operations* what happened.
4. **Change** or **destroy**: `PATCH` with the environment's `ETag`, or `DELETE`.

Slow verbs answer `202` at once. Repeat any `POST` safely with an `Idempotency-Key`. Errors are
`application/problem+json` with a stable `code`, and name each wrong place of a body.
"""

TAGS = [
    {"name": "Environments", "description": "What teams have asked for, and what stands of it"},
    {"name": "Schedules", "description": "What is due without asking: ends, pauses, resumes, drift checks"},
    {"name": "Operations", "description": "Every preview, deploy, refresh and destroy, with its events"},
    {"name": "Plans", "description": "What an operation would do, and who agrees to it"},
    {
        "name": "State",
        "description": "What an environment consists of: outputs, resources, versions",
    },
    {"name": "Drift", "description": "What stands in the cloud otherwise than it was recorded"},
    {"name": "Guardrails", "description": "Rules that plans are held to, and exemptions from them"},
    {"name": "Costs", "description": "What operations, environments and the fleet cost a month"},
    {"name": "Limits", "description": "How much a team may have, and whether a request fits"},
    {"name": "Comparisons", "description": "ECS or EKS: both previewed, priced and weighed side by side"},
    {"name": "Freezes", "description": "No changes for a while, for a reason that is said"},
    {"name": "Webhooks", "description": "Where events of operations and environments are sent, signed"},
    {"name": "Audit", "description": "Who did what and when; to read, never to change"},
    {"name": "Access", "description": "Who one is, and bearer tokens for services and people"},
    {"name": "Blueprints", "description": "The kinds of environment, with their JSON Schema and examples"},
    {"name": "System", "description": "This installation, its health and its metrics"},
]
