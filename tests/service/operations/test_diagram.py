"""The states that docs/operations.md draws."""

from pathlib import Path

from service.operations.diagram import state_diagram

DOCUMENT = Path(__file__).parents[3] / "docs" / "operations.md"


def test_the_documents_diagram_is_drawn_from_the_code() -> None:
    """docs/operations.md shows what `python -m service.operations.diagram` writes."""
    assert f"```mermaid\n{state_diagram()}```" in DOCUMENT.read_text(encoding="utf-8")
