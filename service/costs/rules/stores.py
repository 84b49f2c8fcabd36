"""Keys, secrets, images, objects, logs, alarms, messages: small things that are charged by the month."""

from collections.abc import Iterator
from decimal import Decimal

from service.costs.model import Component
from service.costs.planned import PlannedResource
from service.costs.quote import Quote, Quoter, unpriced
from service.costs.reading import number_at, objects_at, text_at
from service.pricing.keys import PriceKey

DAYS_PER_MONTH = Decimal(30)


def price_key(key: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a KMS key and its use (https://aws.amazon.com/kms/pricing/)."""
    yield quoter.fixed(key, Component.KEYS, PriceKey.KMS_KEY_MONTH, "KMS key", 1)
    yield quoter.usage(key, Component.KEYS, PriceKey.KMS_REQUEST, "KMS requests", "requests_per_key")


def price_secret(secret: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a secret and its reads (https://aws.amazon.com/secrets-manager/pricing/)."""
    yield quoter.fixed(secret, Component.SECRETS, PriceKey.SECRET_MONTH, "secret", 1)
    yield quoter.usage(
        secret, Component.SECRETS, PriceKey.SECRET_REQUEST, "secret reads", "requests_per_secret"
    )


def price_repository(repository: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the images kept (https://aws.amazon.com/ecr/pricing/)."""
    yield quoter.usage(
        repository, Component.REGISTRY, PriceKey.ECR_STORAGE, "images", "image_gb_per_repository"
    )


def price_bucket(bucket: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge the objects kept (https://aws.amazon.com/s3/pricing/)."""
    yield quoter.usage(bucket, Component.STORAGE, PriceKey.S3_STORAGE, "objects", "object_gb_per_bucket")


def price_log_group(group: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge what a log group takes in, and keeps until its retention is over.

    Stored at the size it came in; AWS compresses, so that this is on the safe side
    (https://aws.amazon.com/cloudwatch/pricing/).
    """
    assumption = "log_gb_per_log_group"
    yield quoter.usage(group, Component.LOGS, PriceKey.LOGS_INGESTED, "logs taken in", assumption)
    retention = number_at(group.inputs, "retentionInDays") or quoter.assumptions.default_log_retention_days
    kept = retention / DAYS_PER_MONTH
    yield quoter.usage(group, Component.LOGS, PriceKey.LOGS_STORED, "logs kept", assumption, kept)


def price_alarm(alarm: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge an alarm for each metric it looks at (https://aws.amazon.com/cloudwatch/pricing/)."""
    queries = [
        query for query in objects_at(alarm.inputs, "metricQueries") if query.get("metric") is not None
    ]
    metrics = max(1, len(queries))
    yield quoter.fixed(alarm, Component.OBSERVABILITY, PriceKey.ALARM_MONTH, "alarm metrics", metrics)


def price_dashboard(dashboard: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a dashboard, the account's three free ones aside."""
    yield quoter.fixed(dashboard, Component.OBSERVABILITY, PriceKey.DASHBOARD_MONTH, "dashboard", 1)


def price_topic(topic: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge messages to a topic (https://aws.amazon.com/sns/pricing/)."""
    yield quoter.usage(
        topic, Component.MESSAGING, PriceKey.SNS_REQUEST, "notifications", "notifications_per_topic"
    )


def price_queue(queue: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge requests to a queue (https://aws.amazon.com/sqs/pricing/)."""
    yield quoter.usage(
        queue, Component.MESSAGING, PriceKey.SQS_REQUEST, "queue requests", "messages_per_queue"
    )


def price_cluster_insights(cluster: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """An ECS cluster is free; what Container Insights measures is charged as metrics and logs."""
    del quoter
    settings = {
        text_at(setting, "name"): text_at(setting, "value")
        for setting in objects_at(cluster.inputs, "settings")
    }
    level = settings.get("containerInsights")
    if level not in (None, "disabled"):
        reason = "charged by metrics and observations, whose number depends on tasks and time"
        yield unpriced(cluster, f"Container Insights ({level})", reason)


def price_registry_service(registry: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge discovery calls; what ECS registers is charged by nothing else but its zone.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html, "pricing"
    """
    yield quoter.usage(
        registry,
        Component.DISCOVERY,
        PriceKey.CLOUD_MAP_CALL,
        "discovery calls",
        "discovery_calls_per_registry",
    )


def price_certificate_authority(authority: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    """Charge a private certificate authority by its mode (https://aws.amazon.com/private-ca/pricing/)."""
    is_short_lived = text_at(authority.inputs, "usageMode") == "SHORT_LIVED_CERTIFICATE"
    key = PriceKey.SHORT_LIVED_CA_MONTH if is_short_lived else PriceKey.GENERAL_CA_MONTH
    yield quoter.fixed(authority, Component.KEYS, key, "private certificate authority", 1)
    yield unpriced(authority, "certificates", "charged by the certificate, whose number depends on rollouts")
