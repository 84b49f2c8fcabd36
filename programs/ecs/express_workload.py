"""A public workload in Express Mode: its log and roles are ours, everything in front of it AWS's."""

import pulumi

from programs.components.images import uses_own_repository
from programs.ecs.express import ExpressInfrastructure, ExpressService, ExpressServiceArgs
from programs.ecs.platform import Platform
from programs.ecs.task_containers import TaskContext
from programs.ecs.task_foundation import lay_foundation
from programs.request.workload import Workload


class ExpressDeployment(pulumi.ComponentResource):
    """A workload as an Express Mode service."""

    log_group_name: str
    service: ExpressService

    def __init__(
        self,
        name: str,
        workload: Workload,
        platform: Platform,
        infrastructure: ExpressInfrastructure,
        is_internal: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workload's resources."""
        super().__init__("berth:ecs:ExpressWorkload", name, None, opts)
        foundation = lay_foundation(name, workload, platform, self)
        self.log_group_name = foundation.logs.name
        context = TaskContext(platform.scope, foundation.logs.name, platform.hosts)
        args = ExpressServiceArgs(
            scope=platform.scope,
            workload=workload,
            cluster=platform.cluster,
            placement=platform.placement,
            is_internal=is_internal,
            security_group=platform.security_groups[workload.name],
            context=context,
            roles=foundation.roles,
            infrastructure_role_arn=infrastructure.role.arn,
            waits_until_steady=not uses_own_repository(workload),
        )
        service_opts = pulumi.ResourceOptions(
            parent=self, depends_on=[platform.capacity.association, *infrastructure.role.policies]
        )
        self.service = ExpressService(name, args, service_opts)
        self.register_outputs({"service_arn": self.service.arn})
