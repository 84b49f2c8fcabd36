"""A public workload's place on the shared load balancer: its target groups and its rule."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.load_balancer import LoadBalancer
from programs.components.policy import Statement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.components.target_group import ProtocolVersion, TargetGroup, TargetGroupArgs
from programs.ecs.rollout import is_native, shifts_traffic
from programs.request.containers import Port, Protocol
from programs.request.exposure import Exposure
from programs.request.rollout import Rollout

_PROTOCOL_VERSIONS = {
    Protocol.HTTP: ProtocolVersion.HTTP1,
    Protocol.HTTP2: ProtocolVersion.HTTP2,
    Protocol.GRPC: ProtocolVersion.GRPC,
}
_ALL_TRAFFIC = 100
# AWS narrows none of these: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
DESCRIBE_ACTIONS = (
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
)


@dataclass(frozen=True, slots=True)
class PublicRouteArgs:
    """What the load balancer sends to a workload, and how a new version takes its traffic over."""

    scope: Scope
    workload: str
    balancer: LoadBalancer
    vpc_id: pulumi.Input[str]
    exposure: Exposure
    port: Port
    priority: int
    rollout: Rollout


class PublicRoute(pulumi.ComponentResource):
    """Target groups and listener rules; a second group where two versions share traffic for a while."""

    primary: TargetGroup
    alternate: TargetGroup | None
    rule: aws.lb.ListenerRule
    test_rule: aws.lb.ListenerRule | None
    traffic_role: ServiceRole | None

    def __init__(self, name: str, args: PublicRouteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the groups, the rules, and the role that ECS shifts traffic with."""
        super().__init__("berth:ecs:PublicRoute", name, None, opts)
        self._name = name
        self._args = args
        self._child = pulumi.ResourceOptions(parent=self)
        is_shifting = shifts_traffic(args.rollout)
        self.primary = self._make_group(name, args.workload)
        self.alternate = (
            self._make_group(f"{name}-alternate", f"{args.workload}-alternate") if is_shifting else None
        )
        self.rule = self._make_rule(f"{name}-rule", args.balancer.listener_arn)
        self.test_rule = self._make_test_rule()
        self.traffic_role = self._make_traffic_role() if is_shifting and is_native(args.rollout) else None
        self.register_outputs({"target_group_arn": self.primary.arn})

    @property
    def bound_to(self) -> str:
        """What the rule is bound to whose actions are a rollout's: its groups, by what replaces them."""
        port = self._args.port
        return "one group" if self.alternate is None else f"two groups, {port.port}/{port.protocol}"

    def target_groups(self) -> tuple[TargetGroup, ...]:
        """Return the groups that may carry the workload's traffic."""
        return (self.primary,) if self.alternate is None else (self.primary, self.alternate)

    def dependencies(self) -> list[pulumi.Resource]:
        """Return what must stand before a service may use the route."""
        rules = [rule for rule in (self.rule, self.test_rule) if rule is not None]
        policies = self.traffic_role.policies if self.traffic_role is not None else []
        return [*rules, *policies]

    def _make_group(self, name: str, part: str) -> TargetGroup:
        args, exposure = self._args, self._args.exposure
        version = _PROTOCOL_VERSIONS[args.port.protocol]
        # A gRPC server rarely answers at "/"; the load balancer then uses a probe of its own.
        has_own_probe = version is ProtocolVersion.GRPC and exposure.health_path == "/"
        group_args = TargetGroupArgs(
            scope=args.scope,
            part=part,
            vpc_id=args.vpc_id,
            port=args.port.port,
            protocol_version=version,
            health_path=None if has_own_probe else exposure.health_path,
            deregistration_delay_seconds=exposure.deregistration_delay_seconds,
            stickiness_seconds=exposure.stickiness_seconds,
            slow_start_seconds=exposure.slow_start_seconds,
        )
        return TargetGroup(name, group_args, self._child)

    def _make_rule(self, name: str, listener_arn: pulumi.Input[str]) -> aws.lb.ListenerRule:
        # While two versions share traffic the weights are the rollout's, not ours. Other groups, and a second
        # one, need another rule then: it goes first, since both would have one priority.
        ignored = ["actions"] if self.alternate is not None else None
        return aws.lb.ListenerRule(
            name,
            listener_arn=listener_arn,
            priority=self._args.priority,
            actions=[_forward(self.primary, self.alternate)],
            conditions=rule_conditions(self._args.exposure),
            tags=self._args.scope.tagged(self._args.scope.name(self._args.workload)),
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=ignored,
                replacement_trigger=self.bound_to,
                delete_before_replace=True,
            ),
        )

    def _make_test_rule(self) -> aws.lb.ListenerRule | None:
        port = self._args.exposure.test_port
        if port is None or self.alternate is None:
            return None
        return self._make_rule(f"{self._name}-test-rule", self._args.balancer.test_listener_arns[port])

    def _make_traffic_role(self) -> ServiceRole:
        args = self._args
        rules = [self.rule, *([self.test_rule] if self.test_rule is not None else [])]
        hooks = tuple(dict.fromkeys(hook.function_arn for hook in args.rollout.hooks))
        statements = [
            Statement("FindTraffic", DESCRIBE_ACTIONS, ("*",)),
            Statement(
                "ShiftTraffic",
                ("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule"),
                [*(rule.arn for rule in rules), *(rule.listener_arn for rule in rules)],
            ),
            Statement(
                "RegisterTasks",
                ("elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"),
                [group.arn for group in self.target_groups()],
            ),
        ]
        if hooks:
            statements.append(Statement("AskHooks", ("lambda:InvokeFunction",), hooks))
        return ServiceRole(
            f"{self._name}-traffic",
            ServiceRoleArgs(
                scope=args.scope,
                part=f"{args.workload}-traffic",
                services=("ecs.amazonaws.com",),
                description=f"Shifts traffic between versions of {args.workload}",
                statements=statements,
                is_bound_to_account=False,
            ),
            self._child,
        )


def rule_conditions(exposure: Exposure) -> list[aws.lb.ListenerRuleConditionArgs]:
    """Return what a request must match: the path with all below it, and the host where one is given."""
    paths = aws.lb.ListenerRuleConditionPathPatternArgs(values=path_patterns(exposure.path))
    conditions = [aws.lb.ListenerRuleConditionArgs(path_pattern=paths)]
    if exposure.host is not None:
        host = aws.lb.ListenerRuleConditionHostHeaderArgs(values=[exposure.host])
        conditions.append(aws.lb.ListenerRuleConditionArgs(host_header=host))
    return conditions


def path_patterns(path: str) -> list[str]:
    """Return a path as the load balancer matches it, which knows no prefixes, only whole paths."""
    if "*" in path or "?" in path:
        return [path]
    stem = path.rstrip("/")
    return [stem, f"{stem}/*"] if stem else ["/*"]


def _forward(primary: TargetGroup, alternate: TargetGroup | None) -> aws.lb.ListenerRuleActionArgs:
    if alternate is None:
        return aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=primary.arn)
    weighted = [
        aws.lb.ListenerRuleActionForwardTargetGroupArgs(arn=primary.arn, weight=_ALL_TRAFFIC),
        aws.lb.ListenerRuleActionForwardTargetGroupArgs(arn=alternate.arn, weight=0),
    ]
    forward = aws.lb.ListenerRuleActionForwardArgs(target_groups=weighted)
    return aws.lb.ListenerRuleActionArgs(type="forward", forward=forward)
