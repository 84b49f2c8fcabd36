"""What roles may do, and who may take them."""

from typing import Any

from tests.programs.scan.data import statements
from tests.programs.scan.findings import Inputs, Rule, items

_ESCALATIONS = frozenset(
    {
        "iam:AddUserToGroup",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:AttachUserPolicy",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreatePolicyVersion",
        "iam:PutGroupPolicy",
        "iam:PutRolePolicy",
        "iam:PutUserPolicy",
        "iam:SetDefaultPolicyVersion",
        "iam:UpdateAssumeRolePolicy",
        "sts:AssumeRole",
    }
)
_READING = ("Describe", "Get", "List", "BatchGet", "Query", "Scan", "Read")
_WRITES_WITHOUT_RESOURCE = frozenset(
    {
        "cloudwatch:PutMetricData",
        "ecr:GetAuthorizationToken",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }
)
"""The writes that AWS narrows to no resource."""
_SECRETS = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "kms:Decrypt")


def _allowed(inputs: Inputs) -> list[tuple[str, list[str], Any]]:
    return [
        (action, items(one.get("Resource")), one.get("Condition"))
        for one in statements(inputs.get("policy"))
        if one["Effect"] == "Allow"
        for action in items(one.get("Action"))
    ]


def _is_everything(inputs: Inputs) -> bool:
    return any(action == "*" or action.endswith(":*") for action, _, _ in _allowed(inputs))


def _writes_anywhere(inputs: Inputs) -> bool:
    return any(
        resources == ["*"]
        and not condition
        and action not in _WRITES_WITHOUT_RESOURCE
        and not action.partition(":")[2].startswith(_READING)
        for action, resources, condition in _allowed(inputs)
    )


def _reads_all_secrets(inputs: Inputs) -> bool:
    return any(action in _SECRETS and "*" in resources for action, resources, _ in _allowed(inputs))


def _gains_rights(inputs: Inputs) -> bool:
    return any(action in _ESCALATIONS and "*" in resources for action, resources, _ in _allowed(inputs))


def _passes_any_role(inputs: Inputs) -> bool:
    return any(action == "iam:PassRole" and "*" in resources for action, resources, _ in _allowed(inputs))


def _trusts_everybody(inputs: Inputs) -> bool:
    return any(
        one.get("Principal") in ("*", {"AWS": "*"}) for one in statements(inputs.get("assumeRolePolicy"))
    )


def _policy(action: str, resource: str = "*") -> dict[str, str]:
    return {
        "policy": f'{{"Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}]}}'
    }


_POLICIES = ("aws:iam/rolePolicy:RolePolicy",)
RULES = (
    Rule("CKV_AWS_62, CKV_AWS_63", "all actions are allowed", _POLICIES, _is_everything, _policy("s3:*")),
    Rule(
        "CKV_AWS_290, CKV_AWS_289, CKV_AWS_355",
        "it writes anywhere, on no condition",
        _POLICIES,
        _writes_anywhere,
        _policy("ec2:TerminateInstances"),
    ),
    Rule(
        "CKV_AWS_287, CKV_AWS_288",
        "it reads all secrets",
        _POLICIES,
        _reads_all_secrets,
        _policy("secretsmanager:GetSecretValue"),
    ),
    Rule("CKV_AWS_286", "it can give itself rights", _POLICIES, _gains_rights, _policy("iam:PutRolePolicy")),
    Rule("CKV_AWS_286", "it passes any role on", _POLICIES, _passes_any_role, _policy("iam:PassRole")),
    Rule(
        "CKV_AWS_60, CKV_AWS_61",
        "everybody may take the role",
        ("aws:iam/role:Role",),
        _trusts_everybody,
        {"assumeRolePolicy": '{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}}]}'},
    ),
    Rule(
        "CKV_AWS_274",
        "it administers the account",
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment",),
        lambda inputs: str(inputs.get("policyArn")).endswith(
            ("/AdministratorAccess", "/PowerUserAccess", "/IAMFullAccess")
        ),
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
)
