"""Writes the table of guardrails for docs/guardrails.md: `python -m service.guardrails.guide`."""

import sys

from service.guardrails.rules import RULES


def guardrail_text() -> str:
    """Return every guardrail's text as Markdown, as it stands in docs/guardrails.md."""
    return "\n".join(
        f"### `{rule.name}`: {rule.title}\n\n{rule.text}\n\nWhat to do: {rule.hint}.\n"
        for rule in RULES.values()
    )


if __name__ == "__main__":
    sys.stdout.write(guardrail_text())
