"""Draws the states of an operation from the code: `python -m service.operations.diagram`."""

import sys

from service.operations.states import TRANSITIONS, OperationState


def state_diagram() -> str:
    """Return every move between states as a Mermaid diagram, the way docs/operations.md shows it."""
    lines = ["stateDiagram-v2", f"    [*] --> {OperationState.PENDING}"]
    for state in OperationState:
        following = TRANSITIONS[state]
        if not following:
            lines.append(f"    {state} --> [*]")
        lines += [f"    {state} --> {wanted}" for wanted in OperationState if wanted in following]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(state_diagram())
