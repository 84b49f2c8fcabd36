"""Where containers write: straight to CloudWatch, or through the task's log router."""

from programs.ecs.container import LogConfiguration, Option


def awslogs(log_group_name: str, region: str, stream_prefix: str) -> LogConfiguration:
    """Return the driver that writes to CloudWatch without blocking the container when it is slow.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
    """
    return LogConfiguration(
        "awslogs",
        (
            Option("awslogs-group", log_group_name),
            Option("awslogs-region", region),
            Option("awslogs-stream-prefix", stream_prefix),
            Option("mode", "non-blocking"),
            Option("max-buffer-size", "25m"),
        ),
    )


def firelens(log_group_name: str, region: str, stream_prefix: str) -> LogConfiguration:
    """Return the driver that hands output to the task's Fluent Bit, which writes to CloudWatch."""
    return LogConfiguration(
        "awsfirelens",
        (
            Option("Name", "cloudwatch_logs"),
            Option("region", region),
            Option("log_group_name", log_group_name),
            Option("log_stream_prefix", f"{stream_prefix}/"),
            Option("auto_create_group", "false"),
            Option("log-driver-buffer-limit", "26214400"),
        ),
    )
