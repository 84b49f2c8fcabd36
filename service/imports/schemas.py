"""The body of an import: what `pulumi stack export` prints."""

from typing import Any

IMPORT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "title": "StateDocument",
                "description": "What `pulumi stack export` prints; with `--show-secrets` if it has secrets",
                "required": ["version", "deployment"],
                "properties": {
                    "version": {"type": "integer", "minimum": 1, "maximum": 4},
                    "deployment": {"type": "object"},
                },
            },
            "examples": {
                "empty": {
                    "summary": "A state without resources",
                    "value": {"version": 3, "deployment": {"manifest": {}, "resources": []}},
                }
            },
        }
    },
}
