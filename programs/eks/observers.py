"""What runs on every node for everybody: logs to CloudWatch, metrics and traces."""

import pulumi
from pulumi_kubernetes.helm.v3 import Release

from programs.components.key import EncryptionKey
from programs.components.log_group import WRITE_ACTIONS, LogGroup, LogGroupArgs
from programs.components.policy import Condition, Statement
from programs.components.scope import Scope
from programs.components.sidecar_images import OTEL_COLLECTOR_IMAGE
from programs.eks.charts import CLOUDWATCH_AGENT, FLUENT_BIT, OTEL_COLLECTOR
from programs.eks.controller import Controller, ControllerArgs
from programs.eks.known_sidecars import METRICS_LOG_PART
from programs.eks.platform import Platform
from programs.eks.roles import ServiceAccount

NAMESPACE = "amazon-cloudwatch"
PODS_LOG_PART = "pods"
_INSIGHTS_NAMESPACE = "ContainerInsights"


def make_log_forwarder(platform: Platform, key: EncryptionKey, opts: pulumi.ResourceOptions) -> Release:
    """Send what containers write to one log group, a stream for each pod."""
    scope = platform.scope
    logs = LogGroup(PODS_LOG_PART, LogGroupArgs(scope, PODS_LOG_PART, key.arn), opts)
    statement = _write_statement(logs)
    values = {
        "cloudWatchLogs": {
            "enabled": True,
            "region": scope.region,
            "logGroupName": logs.name,
            "logStreamPrefix": "pod-",
            "autoCreateGroup": False,
        },
        "firehose": {"enabled": False},
        "kinesis": {"enabled": False},
        "elasticsearch": {"enabled": False},
    }
    args = ControllerArgs(
        platform=platform,
        chart=FLUENT_BIT,
        account=ServiceAccount(NAMESPACE, "fluent-bit"),
        purpose="Writes the logs of pods",
        statements=(statement,),
        values=values,
    )
    return Controller("fluent-bit", args, opts).release


def _write_statement(logs: LogGroup) -> Statement:
    return Statement("WriteLogs", WRITE_ACTIONS, (pulumi.Output.concat(logs.arn, ":*"),))


def make_metric_log_group(scope: Scope, key: EncryptionKey, opts: pulumi.ResourceOptions) -> LogGroup:
    """Make the group that collectors write metrics to, for CloudWatch to read out of it.

    They would make it themselves otherwise, without end or key:
    https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/awsemfexporter
    """
    return LogGroup("otel-metrics", LogGroupArgs(scope, METRICS_LOG_PART, key.arn), opts)


def metric_statements(scope: Scope) -> list[Statement]:
    """Return what the CloudWatch agent may do."""
    in_namespace = Condition("StringEquals", "cloudwatch:namespace", (_INSIGHTS_NAMESPACE,))
    groups = (scope.arn("logs", "log-group:/aws/containerinsights/*"),)
    return [
        # Metrics, and what describes nodes, have no resources to narrow these to.
        Statement("PutMetrics", ("cloudwatch:PutMetricData",), ("*",), conditions=(in_namespace,)),
        Statement("ReadNodes", ("ec2:DescribeVolumes", "ec2:DescribeTags"), ("*",)),
        Statement(
            "WriteMetricLogs",
            ("logs:CreateLogGroup", *WRITE_ACTIONS),
            groups,
        ),
    ]


def make_cloudwatch_agent(platform: Platform, opts: pulumi.ResourceOptions) -> Release:
    """Collect metrics of nodes and pods as Container Insights."""
    args = ControllerArgs(
        platform=platform,
        chart=CLOUDWATCH_AGENT,
        account=ServiceAccount(NAMESPACE, "cloudwatch-agent"),
        purpose="Collects the metrics of nodes and pods",
        statements=metric_statements(platform.scope),
        values={"clusterName": platform.cluster_name},
    )
    return Controller("cloudwatch-agent", args, opts).release


def make_collector(platform: Platform, metric_logs: LogGroup, opts: pulumi.ResourceOptions) -> Release:
    """Run the AWS Distro for OpenTelemetry on every node: traces to X-Ray, metrics to CloudWatch."""
    scope = platform.scope
    repository, _, tag = OTEL_COLLECTOR_IMAGE.rpartition(":")
    traces = Statement(
        "SendTraces",
        (
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
        ),
        ("*",),
    )
    pipelines = {
        "traces": {"receivers": ["otlp"], "exporters": ["awsxray"]},
        "metrics": {"receivers": ["otlp"], "exporters": ["awsemf"]},
    }
    args = ControllerArgs(
        platform=platform,
        chart=OTEL_COLLECTOR,
        account=ServiceAccount(NAMESPACE, "adot-collector"),
        purpose="Collects the traces and metrics of pods",
        statements=[_write_statement(metric_logs), traces],
        values={
            "mode": "daemonset",
            "image": {"repository": repository, "tag": tag},
            "command": {"name": "awscollector"},
            "config": {
                "exporters": {
                    "awsxray": {"region": scope.region},
                    "awsemf": {
                        "region": scope.region,
                        "namespace": _INSIGHTS_NAMESPACE,
                        "log_group_name": metric_logs.name,
                    },
                },
                "service": {"pipelines": pipelines},
            },
        },
    )
    return Controller("adot", args, opts).release
