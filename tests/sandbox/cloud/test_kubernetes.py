"""Clusters, their objects, and what controllers leave in AWS."""

import json

import grpc.aio
import pytest

from sandbox.cloud.control import Selection
from sandbox.cloud.wire.values import Properties, is_list, is_properties, object_of
from tests.sandbox.cloud.client import Engine, RefusedInputsError, Standing
from tests.sandbox.cloud.conftest import ServedCloud
from tests.sandbox.cloud.networks import Network, make_network, make_role

NAMESPACE = "kubernetes:core/v1:Namespace"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
RELEASE = "kubernetes:helm.sh/v3:Release"
CLUSTER = "aws:eks/cluster:Cluster"
VOLUME = "aws:ebs/volume:Volume"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


async def _cluster(aws: Engine, network: Network) -> Standing:
    role = await make_role(aws, "control", "eks.amazonaws.com")
    return await aws.create(
        CLUSTER, "cluster", roleArn=role.text("arn"), vpcConfig={"subnetIds": network.subnet_ids}
    )


async def _inside(cloud: ServedCloud, cluster: Standing) -> Engine:
    kubeconfig = {
        "clusters": [{"name": "k", "cluster": {"server": cluster.text("endpoint")}}],
        "contexts": [{"name": "k", "context": {"cluster": "k", "user": "u"}}],
        "current-context": "k",
    }
    return await cloud.engine("kubernetes", kubeconfig=json.dumps(kubeconfig))


async def _nodes(aws: Engine, cluster: Standing, network: Network) -> Standing:
    role = await make_role(aws, "nodes", "ec2.amazonaws.com")
    return await aws.create(
        "aws:eks/nodeGroup:NodeGroup",
        "nodes",
        clusterName=cluster.id,
        nodeRoleArn=role.text("arn"),
        subnetIds=network.subnet_ids,
        scalingConfig={"minSize": 1, "desiredSize": 1, "maxSize": 2},
    )


def _deployment(labels: Properties) -> Properties:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "spec": {
            "selector": {"matchLabels": {"app": "x"}},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "c", "image": "app:1"}]},
            },
        },
    }


def _ingress() -> Properties:
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "spec": {"ingressClassName": "alb"}}


async def _controller(inside: Engine, cluster: Standing) -> Standing:
    return await inside.create(
        RELEASE,
        "controller",
        chart="aws-load-balancer-controller",
        namespace="kube-system",
        values={"clusterName": cluster.id, "defaultTags": {"owner": "shop"}},
    )


async def _refusal(inside: Engine, type_: str, **inputs: object) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await inside.create(type_, "refused", **inputs)
    return str(refused.value.details())


async def test_manifest_of_the_wrong_shape_is_refused(cloud: ServedCloud, aws: Engine) -> None:
    """A field that the API does not have, and a missing one, are refused at their paths."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    with pytest.raises(RefusedInputsError) as refused:
        await inside.check(DEPLOYMENT, "d", {"spec": {"replica": 1, "selector": {}}})
    assert set(refused.value.failures) == {"spec.replica", "spec.template"}


async def test_names_and_labels_are_the_servers_rules(cloud: ServedCloud, aws: Engine) -> None:
    """A name with capitals and a selector that misses its pods are refused as invalid."""
    network = await make_network(aws)
    cluster = await _cluster(aws, network)
    await _nodes(aws, cluster, network)
    inside = await _inside(cloud, cluster)
    said = await _refusal(inside, NAMESPACE, metadata={"name": "App"})
    assert "a lowercase RFC 1123 label" in said
    assert "`selector` does not match template `labels`" in await _refusal(
        inside, DEPLOYMENT, **_deployment({"app": "y"})
    )


async def test_namespace_has_to_stand(cloud: ServedCloud, aws: Engine) -> None:
    """An object in a namespace that does not exist is refused after a while of waiting."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    said = await _refusal(inside, CONFIG_MAP, metadata={"name": "c", "namespace": "nowhere"}, data={})
    assert 'namespaces "nowhere" not found' in said


async def test_custom_resource_needs_its_definition(cloud: ServedCloud, aws: Engine) -> None:
    """A kind is served once a chart that brings its definition is installed."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    rollout = "kubernetes:argoproj.io/v1alpha1:Rollout"
    manifest: Properties = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "spec": {}}
    assert 'no matches for kind "Rollout"' in await _refusal(inside, rollout, **manifest)
    await inside.create(RELEASE, "argo", chart="argo-rollouts", namespace="argo", createNamespace=True)
    await inside.create(rollout, "r", **manifest)


async def test_chart_without_what_it_needs_is_refused(cloud: ServedCloud, aws: Engine) -> None:
    """The load balancer controller's chart refuses to be installed without its cluster's name."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    said = await _refusal(inside, RELEASE, chart="aws-load-balancer-controller", values={})
    assert "Chart cannot be installed without a valid clusterName" in said


async def test_pods_need_somewhere_to_run(cloud: ServedCloud, aws: Engine) -> None:
    """A deployment on a cluster without nodes exists but does not become ready."""
    network = await make_network(aws)
    cluster = await _cluster(aws, network)
    inside = await _inside(cloud, cluster)
    assert "no nodes available to schedule pods" in await _refusal(
        inside, DEPLOYMENT, **_deployment({"app": "x"})
    )
    await _nodes(aws, cluster, network)
    made = await inside.create(DEPLOYMENT, "d", **_deployment({"app": "x"}))
    assert object_of(made.outputs, "status")["readyReplicas"] == 1


async def test_deleted_cluster_does_not_answer(cloud: ServedCloud, aws: Engine) -> None:
    """Nothing reaches a cluster that is gone."""
    cluster = await _cluster(aws, await make_network(aws))
    inside = await _inside(cloud, cluster)
    await aws.delete(cluster)
    assert "cluster is unreachable" in await _refusal(inside, NAMESPACE, metadata={"name": "a"})


async def test_ingress_gets_a_load_balancer_and_takes_it_along(cloud: ServedCloud, aws: Engine) -> None:
    """The controller makes a load balancer for an ingress and removes it with it."""
    cluster = await _cluster(aws, await make_network(aws))
    inside = await _inside(cloud, cluster)
    await _controller(inside, cluster)
    ingress = await inside.create(INGRESS, "i", **_ingress())
    reached = object_of(object_of(ingress.outputs, "status"), "loadBalancer").get("ingress")
    assert is_list(reached)
    assert is_properties(reached[0])
    made = cloud.control.resources(Selection(type=BALANCER))
    assert [record.outputs["dnsName"] for record in made] == [reached[0]["hostname"]]
    assert made[0].outputs["tags"] == {"owner": "shop", "elbv2.k8s.aws/cluster": cluster.id}
    await inside.delete(ingress)
    assert cloud.control.resources(Selection(type=BALANCER)) == []


async def test_claim_gets_a_volume_unless_it_names_one(cloud: ServedCloud, aws: Engine) -> None:
    """The EBS driver makes a volume with the add-on's tags; a claim that is bound gets none."""
    cluster = await _cluster(aws, await make_network(aws))
    settings = json.dumps({"controller": {"extraVolumeTags": {"owner": "shop"}}})
    await aws.create(
        "aws:eks/addon:Addon",
        "driver",
        clusterName=cluster.id,
        addonName="aws-ebs-csi-driver",
        configurationValues=settings,
    )
    inside = await _inside(cloud, cluster)
    claim = "kubernetes:core/v1:PersistentVolumeClaim"
    await inside.create(claim, "bound", spec={"volumeName": "mine", "storageClassName": ""})
    assert cloud.control.resources(Selection(type=VOLUME)) == []
    await inside.create(claim, "new", spec={})
    (made,) = cloud.control.resources(Selection(tags=(("owner", "shop"),)))
    assert (made.type, object_of(made.outputs, "tags")["KubernetesCluster"]) == (VOLUME, cluster.id)


async def test_leftovers_of_a_gone_controller_keep_the_network(cloud: ServedCloud, aws: Engine) -> None:
    """Where the controller went first, its load balancer stays and holds the subnets."""
    network = await make_network(aws)
    cluster = await _cluster(aws, network)
    inside = await _inside(cloud, cluster)
    controller = await _controller(inside, cluster)
    ingress = await inside.create(INGRESS, "i", **_ingress())
    await inside.delete(controller)
    await inside.delete(ingress)
    await aws.delete(cluster)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.delete(network.subnets[0])
    assert "DependencyViolation" in str(refused.value.details())


async def test_config_map_is_replaced_and_labels_are_updated(cloud: ServedCloud, aws: Engine) -> None:
    """The data of a config map needs a new one; labels change in place."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    made = await inside.create(CONFIG_MAP, "c", data={"a": "1"})
    assert list((await inside.diff(made, data={"a": "2"})).replaces) == ["data"]
    labelled = await inside.diff(made, data={"a": "1"}, metadata={"labels": {"b": "c"}})
    assert (list(labelled.replaces), list(labelled.diffs)) == ([], ["metadata"])


async def test_read_finds_nothing_changed(cloud: ServedCloud, aws: Engine) -> None:
    """What the server adds to an object is no drift."""
    inside = await _inside(cloud, await _cluster(aws, await make_network(aws)))
    made = await inside.create("kubernetes:core/v1:Service", "s", spec={"ports": [{"port": 80}]})
    read = await inside.read(made)
    assert read is not None
    assert (read.inputs, read.outputs) == (made.inputs, made.outputs)
