"""Rules that hold for every resource of every plan."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from programs.eks.charts import ALL_CHARTS
from programs.request.rules.eks import RESERVED_NAMESPACES
from tests.programs.eks.plans import DOCUMENTS, in_cluster, of_kind, plan_of, pod_specs
from tests.programs.recording import FACTS, Registered

_UNTAGGABLE = frozenset(
    {
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:sqs/queuePolicy:QueuePolicy",
    }
)
"""Types that AWS gives no tags."""

WILDCARD_REASONS = {
    "Look": "describe and list calls take no resource",
    "FindCertificates": "certificates are found by listing them",
    "ListZones": "zones are found by listing them",
    "PutMetrics": "metrics have no ARN; the namespace is a condition",
    "ReadMetrics": "metrics have no ARN",
    "ReadNodes": "describe calls of EC2 take no resource",
    "SendTraces": "X-Ray has no resource for traces",
    "CheckWeights": "describe calls of load balancers take no resource",
}
"""The statements that reach all resources, and why AWS leaves no other way.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

every_plan = pytest.mark.parametrize("name", DOCUMENTS)


@every_plan
def test_every_resource_bears_the_environments_tags(name: str) -> None:
    """Whatever can be tagged says which environment, team and class it belongs to."""
    for resource in plan_of(name).custom():
        if not resource.type.startswith("aws:") or resource.type in _UNTAGGABLE:
            continue
        tags = cast("Mapping[str, object]", resource.inputs.get("tags", {}))
        assert {"berth:environment-id", "berth:team", "berth:class"} <= set(tags), (
            resource.type,
            resource.name,
        )


@every_plan
def test_every_resource_uses_a_provider_of_the_stack(name: str) -> None:
    """No resource falls back to ambient credentials, another region or another cluster."""
    recording = plan_of(name)
    providers = {one.type.rpartition(":")[2]: one for one in recording.resources if "providers:" in one.type}
    for resource in recording.custom():
        package = resource.type.partition(":")[0]
        if package in {"aws", "kubernetes"}:
            assert resource.provider.split("::")[-2] == providers[package].name, resource.name


@every_plan
def test_the_kubernetes_provider_holds_no_token(name: str) -> None:
    """Credentials for the cluster are fetched at each use; neither provider nor output holds one."""
    recording = plan_of(name)
    (provider,) = [one for one in recording.resources if one.type == "pulumi:providers:kubernetes"]
    for config in (provider.inputs["kubeconfig"], recording.outputs["kubeconfig"]):
        (user,) = json.loads(str(config))["users"]
        assert set(user["user"]) == {"exec"}


@every_plan
def test_what_stores_data_is_encrypted(name: str) -> None:
    """Logs and images name the environment's key, disks and queues are encrypted, keys rotate."""
    recording = plan_of(name)
    for group in recording.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert group.inputs["kmsKeyId"]
        assert group.inputs["retentionInDays"]
    for repository in recording.of_type("aws:ecr/repository:Repository"):
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
    for queue in recording.of_type("aws:sqs/queue:Queue"):
        assert queue.inputs["sqsManagedSseEnabled"] is True
    for key in recording.of_type("aws:kms/key:Key"):
        assert key.inputs["enableKeyRotation"] is True
    for storage in of_kind(recording, "StorageClass"):
        assert storage["parameters"]["encrypted"] == "true"


@every_plan
def test_nodes_ask_for_session_tokens_and_encrypted_disks(name: str) -> None:
    """Nodes answer IMDSv2 alone, from one hop, and their disks are encrypted."""
    recording = plan_of(name)
    for template in recording.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        metadata = cast("Mapping[str, object]", template.inputs["metadataOptions"])
        assert metadata["httpTokens"] == "required"
        assert metadata["httpPutResponseHopLimit"] == 1
        for disk in cast("list[dict[str, Any]]", template.inputs["blockDeviceMappings"]):
            assert disk["ebs"]["encrypted"] == "true"
    for node_class in of_kind(recording, "EC2NodeClass"):
        assert node_class["spec"]["metadataOptions"]["httpTokens"] == "required"
        assert all(one["ebs"]["encrypted"] for one in node_class["spec"]["blockDeviceMappings"])


@every_plan
def test_policies_allow_wildcards_only_where_aws_knows_nothing_else(name: str) -> None:
    """A statement on all resources is a listed one; no statement allows all actions of a service."""
    for policy in plan_of(name).of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in _statements(policy):
            if statement["Effect"] == "Deny" or str(statement["Sid"]).startswith("Requested"):
                continue
            assert not any(one == "*" or one.endswith(":*") for one in statement["Action"]), policy.name
            if "*" in statement["Resource"]:
                assert statement["Sid"] in WILDCARD_REASONS, (policy.name, statement["Sid"])


@every_plan
def test_roles_trust_one_service_or_one_service_account(name: str) -> None:
    """No role trusts an account, everybody, or every pod of the cluster."""
    for role in plan_of(name).of_type("aws:iam/role:Role"):
        for statement in json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]:
            if "Federated" in statement["Principal"]:
                claims = statement["Condition"]["StringEquals"]
                assert any(key.endswith(":sub") and "*" not in value for key, value in claims.items())
                assert any(key.endswith(":aud") for key in claims)
            else:
                assert list(statement["Principal"]) == ["Service"], role.name


@every_plan
def test_pods_are_confined(name: str) -> None:
    """Every container has limits, a user that is not root, no rights to gain, and a version.

    These are the checks of kube-linter that matter here: unset-cpu-requirements, unset-memory-requirements,
    run-as-non-root, privilege-escalation-container, drop-capabilities and latest-tag.
    """
    for owner, spec in pod_specs(plan_of(name)):
        assert spec["securityContext"]["runAsNonRoot"] is True, owner.name
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"]["drop"] == ["ALL"]
            assert {"cpu", "memory"} <= set(container["resources"]["limits"])
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])
            assert not container["image"].endswith(":latest")


@every_plan
def test_root_file_systems_are_read_only_unless_asked_for(name: str) -> None:
    """A container writes to its scratch directories alone, except where the request says otherwise."""
    workloads = {one["name"]: one for one in DOCUMENTS[name]["workloads"]}
    for _, spec in pod_specs(plan_of(name)):
        for container in [*spec["containers"], *spec.get("initContainers", [])]:
            asked = workloads.get(container["name"], {})
            is_open = asked.get("read_only_root_filesystem") is False
            assert container["securityContext"]["readOnlyRootFilesystem"] is not is_open
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        mounts = {
            mount["name"]
            for container in [*spec["containers"], *spec.get("initContainers", [])]
            for mount in container.get("volumeMounts", [])
        }
        assert mounts == volumes


@every_plan
def test_what_listens_is_probed(name: str) -> None:
    """A workload with a port, or a health check, says when it is ready and when it is dead."""
    workloads = {one["name"]: one for one in DOCUMENTS[name]["workloads"]}
    for _, spec in pod_specs(plan_of(name)):
        for container in spec["containers"]:
            asked = workloads.get(container["name"], {})
            if asked.get("ports") or asked.get("health_check"):
                assert "readinessProbe" in container
                assert "livenessProbe" in container


@every_plan
def test_namespaces_are_closed_and_restricted(name: str) -> None:
    """Each workload's namespace admits no traffic by itself and, without App Mesh, restricted pods alone."""
    recording = plan_of(name)
    closed = {
        one["metadata"]["namespace"]
        for one in of_kind(recording, "NetworkPolicy")
        if one["spec"]["podSelector"] == {} and not one["spec"].get("ingress")
    }
    for namespace in of_kind(recording, "Namespace"):
        assert namespace["metadata"]["name"] in closed
        labels = namespace["metadata"]["labels"]
        is_meshed = DOCUMENTS[name].get("mesh", {}).get("kind") == "app_mesh"
        wanted = "privileged" if is_meshed else "restricted"
        assert labels["pod-security.kubernetes.io/enforce"] == wanted


@every_plan
def test_nothing_inside_is_deleted_by_hand_when_the_cluster_goes(name: str) -> None:
    """Objects end with the cluster, but for those that made something outside, which are cleaned up first."""
    reaching = {
        "Ingress",
        "NodePool",
        "EC2NodeClass",
        "Gateway",
        "HTTPRoute",
        "Mesh",
        "VirtualNode",
        "VirtualRouter",
        "VirtualService",
    }
    for resource in in_cluster(plan_of(name)):
        kind = resource.inputs.get("kind")
        is_reaching = kind in reaching or (kind == "Canary" and "mesh" in DOCUMENTS[name])
        assert bool(resource.deleted_with) is not is_reaching, resource.name


@every_plan
def test_what_controllers_make_bears_the_environments_tag(name: str) -> None:
    """Load balancers, volumes and nodes are found by tag after a tear-down: their makers are told it."""
    recording = plan_of(name)
    told: list[Mapping[str, str]] = [one["spec"]["tags"] for one in of_kind(recording, "EC2NodeClass")]
    releases = recording.of_type("kubernetes:helm.sh/v3:Release")
    controllers = [one for one in releases if one.inputs["chart"] == "aws-load-balancer-controller"]
    told += [cast("dict[str, Any]", one.inputs["values"])["defaultTags"] for one in controllers]
    for addon in recording.of_type("eks:index:Addon"):
        if addon.inputs["addonName"] == "aws-ebs-csi-driver":
            settings = cast("dict[str, Any]", addon.inputs["configurationValues"])
            told.append(settings["controller"]["extraVolumeTags"])
    assert all(tags["berth:environment-id"] == FACTS.environment_id for tags in told)


@every_plan
def test_charts_are_pinned(name: str) -> None:
    """Every release names a chart of the list, at its version."""
    versions = {chart.name: chart.version for chart in ALL_CHARTS}
    for release in plan_of(name).of_type("kubernetes:helm.sh/v3:Release"):
        assert release.inputs["version"] == versions[str(release.inputs["chart"])]


@every_plan
def test_no_workload_has_the_namespace_of_a_chart(name: str) -> None:
    """A workload's namespace is named for it: the names of those that charts are installed in are refused."""
    releases = plan_of(name).of_type("kubernetes:helm.sh/v3:Release")
    assert {one.inputs["namespace"] for one in releases} <= RESERVED_NAMESPACES


@every_plan
def test_ingresses_agree_on_their_load_balancer(name: str) -> None:
    """All ingresses of an environment are of one group and say the same of it."""
    ingresses = of_kind(plan_of(name), "Ingress")
    shared = ("group.name", "scheme", "listen-ports", "load-balancer-attributes", "subnets", "inbound-cidrs")
    for key in shared:
        said = {one["metadata"]["annotations"][f"alb.ingress.kubernetes.io/{key}"] for one in ingresses}
        assert len(said) <= 1, key


@every_plan
def test_outputs_tell_how_to_use_the_cluster(name: str) -> None:
    """A user finds the cluster, how to reach it, and each workload's namespace among the outputs."""
    outputs = plan_of(name).outputs
    wanted = {
        "cluster_name",
        "cluster_endpoint",
        "cluster_certificate_authority",
        "oidc_issuer",
        "kubeconfig",
        "update_kubeconfig_command",
        "node_role_arn",
        "console_links",
        "namespaces",
    }
    assert wanted <= set(outputs)
    names = {one["name"] for one in DOCUMENTS[name]["workloads"]}
    assert set(cast("Mapping[str, object]", outputs["namespaces"])) == names


def _statements(policy: Registered) -> Iterator[Mapping[str, Any]]:
    yield from json.loads(str(policy.inputs["policy"]))["Statement"]
