"""The region, told to every container."""

from programs.ecs.container import EnvironmentVariable


def region_settings(region: str) -> tuple[EnvironmentVariable, ...]:
    """Return the settings by which AWS's SDKs and tools know where they run.

    Fargate sets them. On an instance nobody does, and a container cannot ask the instance: the metadata
    service answers one hop away alone.
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html
    """
    return (EnvironmentVariable("AWS_DEFAULT_REGION", region), EnvironmentVariable("AWS_REGION", region))
