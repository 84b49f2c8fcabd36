"""Workloads that may call each other."""

from hypothesis import strategies as st

from programs.planning.sizes import FARGATE_SIZES
from tests.programs.strategies.arns import CERTIFICATE
from tests.programs.strategies.containers import health_check, permissions, secrets, sidecars, volumes
from tests.programs.strategies.documents import Document, always, maybe
from tests.programs.strategies.rollouts import Setting, rollout

NAMES = ("api", "billing", "cart", "frontend", "jobs", "mailer", "orders", "search")
CRONS = ("0 20 * * ? *", "0 6 ? * MON-FRI *", "30 7 1 * ? *")


@st.composite
def replicas(draw: st.DrawFn) -> Document:
    """Ordered bounds."""
    low, middle, high = sorted((draw(st.integers(0, 20)), draw(st.integers(1, 20)), draw(st.integers(1, 20))))
    return {"min": low, "desired": middle, "max": high}


@st.composite
def scaling(draw: st.DrawFn, is_public: bool) -> Document:
    """At least one thing to follow."""
    optional: dict[str, st.SearchStrategy[object]] = {
        "memory_percent": st.integers(1, 100),
        "scale_in_cooldown_seconds": st.integers(0, 3600),
        "schedule": st.lists(
            always(cron=st.sampled_from(CRONS), min=0, max=st.integers(0, 5), timezone="Europe/Berlin"),
            max_size=2,
        ),
    }
    if is_public:
        optional["requests_per_target"] = st.integers(1, 5000)
    return {"cpu_percent": draw(st.integers(1, 100)), **draw(maybe(**optional))}


def grace_period(setting: Setting) -> st.SearchStrategy[Document]:
    """What ECS alone has; on Kubernetes probes have their own."""
    return (
        maybe(health_check_grace_period_seconds=st.integers(0, 3600))
        if setting.orchestrator == "ecs"
        else st.just({})
    )


exposure = maybe(
    host=st.sampled_from(["shop.example.com", "*.example.com"]),
    certificate_arn=st.just(CERTIFICATE),
    health_path=st.just("/health"),
    stickiness_seconds=st.integers(1, 604800),
    deregistration_delay_seconds=st.integers(0, 3600),
    slow_start_seconds=st.integers(30, 900),
)


@st.composite
def workload(draw: st.DrawFn, setting: Setting, name: str, is_callable: bool, others: list[str]) -> Document:
    """One workload; `others` have ports and roll by themselves, so that they can be called."""
    is_public = is_callable and draw(st.booleans())
    size = draw(st.sampled_from([size for size in FARGATE_SIZES if size.cpu_units <= 4096]))
    document: Document = {
        "name": name,
        "image": draw(
            st.sampled_from(["public.ecr.aws/nginx/nginx:1.27", {"repository": "app", "tag": "v1.0.0"}])
        ),
        "cpu_units": size.cpu_units,
        "memory_mib": size.memory_mib,
        "secrets": draw(secrets),
        "sidecars": draw(sidecars(setting.orchestrator)),
        "permissions": draw(permissions),
        "replicas": draw(replicas()),
        "volumes": draw(volumes),
        "exec": draw(st.booleans()),
        **draw(
            maybe(
                command=st.just(["serve", "--verbose"]),
                entry_point=st.just(["/usr/bin/tini", "--"]),
                health_check=health_check,
                scaling=scaling(is_public=is_public),
                ephemeral_storage_gib=st.just(20) if setting.has_instances else st.integers(20, 200),
                stop_timeout_seconds=st.integers(2, 120),
                user=st.sampled_from(["1000", "1000:2000"]),
                writable_paths=st.sampled_from([[], ["/var/tmp/app"]]),  # noqa: S108 -- a mount point
            )
        ),
    }
    if is_callable:
        document["ports"] = [{"name": "http", "port": draw(st.sampled_from([80, 8080, 3000]))}]
        document["allow_from"] = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    if is_public:
        document["public"] = {"path": f"/{name}/*", **draw(exposure), **draw(grace_period(setting))}
    if others and draw(st.booleans()):
        document["env"] = {"PEER_URL": f"http://${{workloads.{draw(st.sampled_from(others))}.host}}:8080"}
    shifts = is_public and name not in others and draw(st.booleans())
    document["rollout"] = draw(rollout(setting, is_public=is_public, is_shifting=shifts))
    if setting.delivery == "flagger" and shifts:
        document.get("scaling", {}).pop("schedule", None)
    return document


@st.composite
def workloads(draw: st.DrawFn, setting: Setting) -> list[Document]:
    """One to four workloads that may call each other."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=4))
    callable_count = draw(st.integers(0, len(names)))
    called = names[: draw(st.integers(0, callable_count))]
    return [
        draw(workload(setting, name, position < callable_count, called))
        for position, name in enumerate(names)
    ]
