"""Containers that wait for what is not there, or never happens: refused on either orchestrator."""

from tests.programs.request.refusals import Refusal, assert_refused, eks_web, refusals, web

DEPENDENCIES: list[Refusal] = [
    (
        "unknown container",
        web(depends_on={"container": "db", "condition": "START"}),
        ("workloads", 0, "depends_on", 0, "container"),
        "no container `db`",
    ),
    (
        "no health check to wait for",
        web(
            sidecars=[{"name": "db", "image": "db:1"}],
            depends_on={"container": "db", "condition": "HEALTHY"},
        ),
        ("workloads", 0, "depends_on", 0, "condition"),
        "has no `health_check`",
    ),
    (
        "waiting for the end of a daemon",
        web(sidecars=["xray"], depends_on={"container": "xray", "condition": "COMPLETE"}),
        ("workloads", 0, "depends_on", 0, "condition"),
        "`xray` runs as long as the workload",
    ),
    (
        "a sidecar that waits for the end of a daemon",
        eks_web(
            sidecars=[
                "fluent_bit",
                {
                    "name": "db",
                    "image": "db:1",
                    "depends_on": {"container": "fluent-bit", "condition": "SUCCESS"},
                },
            ]
        ),
        ("workloads", 0, "sidecars", 1, "depends_on", 0, "condition"),
        "write START",
    ),
    (
        "waiting for the end of the workload itself",
        web(
            sidecars=[
                {"name": "db", "image": "db:1", "depends_on": {"container": "web", "condition": "SUCCESS"}}
            ]
        ),
        ("workloads", 0, "sidecars", 0, "depends_on", 0, "condition"),
        "never ends",
    ),
    (
        "circle",
        web(
            sidecars=[{"name": "db", "image": "db:1", "depends_on": {"container": "web"}}],
            depends_on={"container": "db"},
        ),
        ("workloads", 0, "depends_on"),
        "circle",
    ),
]


@refusals(DEPENDENCIES)
def test_a_container_that_would_wait_for_ever(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """What a container waits for is there, can be seen, and comes to pass; what to write else is said."""
    assert_refused(document, place, fragment)
