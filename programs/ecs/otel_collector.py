"""What the OpenTelemetry collector beside a workload takes, and where it sends it."""

import json

GRPC_PORT = 4317
_HTTP_PORT = 4318
_STREAM = "otel-metrics/{TaskId}"
_NAMESPACE = "ECS/AWSOTel/Application"


def collector_configuration(region: str, log_group_name: str) -> str:
    """Return the collector's settings: OTLP in, traces to X-Ray, metrics as EMF into the workload's log.

    It is the image's own set-up for ECS without the receivers on UDP 2000 and 8125, which the X-Ray daemon
    and the CloudWatch agent have in the same task, and with a log group that is there.
    https://aws-otel.github.io/docs/setup/ecs/config-through-ssm and
    https://github.com/aws-observability/aws-otel-collector/blob/main/config/ecs/ecs-default-config.yaml
    """
    exporters = {
        "awsxray": {"region": region},
        "awsemf": {
            "region": region,
            "namespace": _NAMESPACE,
            "log_group_name": log_group_name,
            "log_stream_name": _STREAM,
        },
    }
    return json.dumps(
        {
            "extensions": {"health_check": {}},
            "receivers": {
                "otlp": {"protocols": {"grpc": _listening(GRPC_PORT), "http": _listening(_HTTP_PORT)}}
            },
            "processors": {
                # The task's id, which the log stream is named for.
                "resourcedetection": {"detectors": ["env", "ecs"]},
                "batch/traces": {"timeout": "1s", "send_batch_size": 50},
                "batch/metrics": {"timeout": "60s"},
            },
            "exporters": exporters,
            "service": {
                "extensions": ["health_check"],
                # The collector's own metrics would take port 8888 of the task.
                "telemetry": {"metrics": {"level": "none"}},
                "pipelines": {
                    "traces": _pipeline("traces", "awsxray"),
                    "metrics": _pipeline("metrics", "awsemf"),
                },
            },
        },
        sort_keys=True,
    )


def _listening(port: int) -> dict[str, str]:
    # The task's containers share one network, and nobody else is meant to send.
    return {"endpoint": f"127.0.0.1:{port}"}


def _pipeline(kind: str, exporter: str) -> dict[str, list[str]]:
    processors = ["resourcedetection", f"batch/{kind}"]
    return {"receivers": ["otlp"], "processors": processors, "exporters": [exporter]}
