"""The life of an environment: planned, deployed, kept, changed, destroyed."""

from pathlib import Path

from tests.programs.changing import assert_only, change_of
from tests.programs.lab import Lab, cloud
from tests.programs.strategies.documents import Document


def live_through(engine: str, folder: Path, document: Document) -> None:
    """Let an environment live in a cloud that then is as it was, down to what controllers made.

    A plan says what the deployment then does; deploying the same again does nothing; a change of one
    workload touches that workload alone.
    """
    with cloud(folder / "cloud") as providers:
        lab = Lab(engine, folder, providers)
        if "existing" in dict(document.get("network", {})):  # pyright: ignore[reportArgumentType, reportCallIssue]
            lab.let_network_stand()
        before = lab.standing()
        planned = lab.planned(document)
        made = lab.changes(document)
        assert made == planned
        assert set(made) == {"create"}
        assert lab.changes(document) == {"same": made["create"]}
        changed, workload = change_of(document)
        assert_only(workload, lab.steps(changed))
        lab.destroy(changed)
        assert lab.standing() == before
