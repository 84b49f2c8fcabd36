"""What a workload's containers are given."""

from hypothesis import strategies as st

from tests.programs.strategies.documents import always

secrets = st.sampled_from(
    [
        [],
        [{"name": "DB_PASSWORD", "secrets_manager": "shop/db-password"}],
        [{"name": "DB_PASSWORD", "secrets_manager": "shop/db", "key": "password"}],
        [
            {"name": "FLAGS", "parameter": "/shop/flags"},
            {
                "name": "TOKEN",
                "secrets_manager": "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf",
            },
        ],
    ]
)
health_check = always(
    command="curl -f http://localhost:8080/health || exit 1",
    interval_seconds=st.integers(5, 300),
    timeout_seconds=st.integers(2, 60),
    retries=st.integers(1, 10),
    start_period_seconds=st.integers(0, 300),
)


def sidecars(orchestrator: str) -> st.SearchStrategy[list[object]]:
    """Sidecars by name and of one's own; ECS alone can stop a workload with its sidecar."""
    known = st.sampled_from(["xray", "otel", "fluent_bit", "cloudwatch_agent"])
    own = always(
        name="helper",
        image="public.ecr.aws/docker/library/busybox:1.37",
        command=st.sampled_from([[], ["sleep", "3600"]]),
        memory_mib=st.integers(16, 128),
        essential=st.booleans() if orchestrator == "ecs" else False,
        read_only_root_filesystem=st.booleans(),
    )
    return st.builds(
        lambda named, described: [*named, *described],
        st.lists(known, unique=True, max_size=2),
        st.lists(own, max_size=1),
    )


permissions = st.lists(
    always(
        effect=st.sampled_from(["allow", "deny"]),
        actions=["s3:GetObject"],
        resources=["arn:aws:s3:::shop-uploads/*"],
        conditions=st.sampled_from(
            [[], [{"test": "StringEquals", "variable": "aws:RequestedRegion", "values": ["us-east-1"]}]]
        ),
    ),
    max_size=1,
)
volumes = st.lists(
    always(
        name="uploads",
        mount_path="/var/uploads",
        read_only=st.booleans(),
        efs=st.sampled_from(
            [
                {"file_system_id": "fs-0123456789abcdef0"},
                {
                    "file_system_id": "fs-0123456789abcdef0",
                    "access_point_id": "fsap-0123456789abcdef0",
                },
            ]
        ),
    ),
    max_size=1,
)
