"""Requests refused in Express Mode: nothing that a request sets is left aside in silence."""

import pytest

from programs.request import parse_request
from tests.programs.request.refusals import API, ECS, WEB, Refusal, assert_refused, refusals, web
from tests.programs.strategies.arns import CERTIFICATE, WEB_ACL

_EXPRESS = {"cluster": {"express": True}}


def _express(**changes: object) -> dict[str, object]:
    """A request whose one workload, in Express Mode, has these changes."""
    return {**web(**changes), **_EXPRESS}


def _beside(**parts: object) -> dict[str, object]:
    """A request for a workload in Express Mode and an ordinary one, with these parts."""
    return {**ECS, **_EXPRESS, "workloads": [WEB, API], **parts}


_CALLER = {**API, "env": {"WEB": "${workloads.web.host}"}}
_PLACE = ("workloads", 0)
WORKLOADS: list[Refusal] = [
    ("sidecar", _express(sidecars=["xray"]), (*_PLACE, "sidecars"), "cannot carry"),
    ("user", _express(user="1000"), (*_PLACE, "user"), "cannot carry"),
    ("writable paths", _express(writable_paths=["/data"]), (*_PLACE, "writable_paths"), "cannot carry"),
    ("stop timeout", _express(stop_timeout_seconds=60), (*_PLACE, "stop_timeout_seconds"), "cannot carry"),
    ("scratch disk", _express(ephemeral_storage_gib=50), (*_PLACE, "ephemeral_storage_gib"), "cannot carry"),
    (
        "read-only root",
        _express(read_only_root_filesystem=True),
        (*_PLACE, "read_only_root_filesystem"),
        "write false",
    ),
    ("cpu", _express(cpu_units=8192, memory_mib=16384), (*_PLACE, "cpu_units"), "4096 units at most"),
    ("memory", _express(cpu_units=4096, memory_mib=9216), (*_PLACE, "memory_mib"), "8192 MiB"),
    ("no task", _express(replicas={"min": 0}), (*_PLACE, "replicas", "min"), "write 1"),
    (
        "rollback alarms",
        _express(rollout={"rollback_alarms": ["cpu"]}),
        (*_PLACE, "rollout", "rollback_alarms"),
        "of its own",
    ),
    (
        "blue/green",
        _express(rollout={"strategy": "blue_green"}),
        (*_PLACE, "rollout", "strategy"),
        "leave `rollout` out",
    ),
    (
        "bounds of a rollout",
        _express(rollout={"minimum_healthy_percent": 50}),
        (*_PLACE, "rollout", "minimum_healthy_percent"),
        "leave `rollout` out",
    ),
    (
        "certificate",
        _express(public={"certificate_arn": CERTIFICATE}),
        (*_PLACE, "public", "certificate_arn"),
        "brings its own",
    ),
    ("path", _express(public={"path": "/api/*"}), (*_PLACE, "public", "path"), "brings its own"),
    (
        "drain",
        _express(public={"deregistration_delay_seconds": 5}),
        (*_PLACE, "public", "deregistration_delay_seconds"),
        "brings its own",
    ),
    (
        "schedule",
        _express(scaling={"cpu_percent": 60, "schedule": [{"cron": "0 6 * * ? *", "min": 1, "max": 2}]}),
        (*_PLACE, "scaling", "schedule"),
        "by no clock",
    ),
    (
        "second target",
        _express(scaling={"cpu_percent": 60, "requests_per_target": 100}),
        (*_PLACE, "scaling", "requests_per_target"),
        "`cpu_percent`",
    ),
    (
        "its host",
        {**ECS, **_EXPRESS, "workloads": [WEB, _CALLER]},
        ("workloads", 1, "env", "WEB"),
        "no name",
    ),
]

BALANCER: list[Refusal] = [
    (name, _beside(load_balancer={name: value}), ("load_balancer", name), "leave it out")
    for name, value in (
        ("allowed_cidrs", ["203.0.113.0/24"]),
        ("web_acl_arn", WEB_ACL),
        ("access_logs", True),
        ("access_logs_bucket", "central-access-logs"),
        ("deletion_protection", True),
        ("idle_timeout_seconds", 120),
    )
]

OBSERVABILITY: list[Refusal] = [
    (
        "tracing",
        _beside(observability={"tracing": "xray"}),
        ("observability", "tracing"),
        "`sidecars: [xray]`",
    ),
    (
        "alarms",
        {**_express(), "observability": {"alarms": True}},
        ("observability", "alarms"),
        "leave it out",
    ),
    (
        "dashboard",
        {**_express(), "observability": {"dashboard": True}},
        ("observability", "dashboard"),
        "leave it out",
    ),
]


@refusals(WORKLOADS)
def test_what_an_express_service_cannot_carry(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """What an Express Mode service has no place for is refused, at the workload that sets it."""
    assert_refused(document, place, fragment)


@refusals(BALANCER)
def test_settings_of_a_load_balancer_that_is_not_made(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """AWS brings the load balancer: a firewall or a list of clients would not stand in front of it."""
    assert_refused(document, place, fragment)


@refusals(OBSERVABILITY)
def test_watching_that_would_see_nothing(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """Daemons, alarms and dashboards of ordinary services are refused where there would be none."""
    assert_refused(document, place, fragment)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({**_express(), "class": "production"}, id="what a class sets"),
        pytest.param(_express(stop_timeout_seconds=30, rollout={}, public={"path": "/"}), id="defaults"),
        pytest.param(_express(public={"health_path": "/health"}, user=None), id="health path"),
        pytest.param(_beside(observability={"alarms": True, "dashboard": True}), id="beside an ordinary one"),
        pytest.param(
            {**ECS, **_EXPRESS, "workloads": [API], "load_balancer": {"internal": True}}, id="private"
        ),
    ],
)
def test_what_express_mode_leaves_nothing_out_of(document: object) -> None:
    """Defaults, whether written or set by the class, ask for nothing that would be missing."""
    parse_request(document)
