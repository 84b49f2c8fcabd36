"""When an environment's alarms ring, and who is told."""

import pulumi

from programs.components.alarm_topic import AlarmTopic, AlarmTopicArgs
from programs.components.key import EncryptionKey
from programs.components.scope import Scope
from programs.ecs.platform import AlarmPolicy
from programs.request import EcsEnvironment
from programs.request.ecs import ContainerInsights


def make_alarm_policy(
    request: EcsEnvironment, scope: Scope, key: EncryptionKey, opts: pulumi.ResourceOptions
) -> AlarmPolicy:
    """Make the topic where alarms are on; alarms that only end rollouts need none."""
    settings = request.observability
    topic_arn = None
    if settings.alarms:
        topic_arn = AlarmTopic("alarms", AlarmTopicArgs(scope, key.arn, settings.alarm_emails), opts).arn
    counts_tasks = request.cluster.container_insights is not ContainerInsights.DISABLED
    return AlarmPolicy(settings.alarm_thresholds, topic_arn, counts_tasks)
