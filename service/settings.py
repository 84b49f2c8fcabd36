"""The one place where configuration enters: frozen, built once, passed down."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from programs.request.shape import EnvironmentClass
from service.access.grants import Grant
from service.access.settings import Origin, RateLimitSetting
from service.guardrails.settings import GuardrailSettings
from service.identity.settings import BackstageSetting, OidcSetting
from service.limits.settings import QuotaSetting
from service.operations.model import OperationKind, QueuePolicy
from service.operations.settings import QueueSetting
from service.plans.settings import ApprovalSetting, PlanFirst
from service.retention.settings import RetentionSettings

DEFAULT_TIMEOUT_MINUTES: dict[OperationKind, float] = {
    OperationKind.PREVIEW: 15,
    OperationKind.DEPLOY: 120,
    OperationKind.REFRESH: 30,
    OperationKind.DESTROY: 120,
    OperationKind.DETECT_DRIFT: 30,
    OperationKind.REPAIR: 30,
    OperationKind.IMPORT: 30,
    OperationKind.RESTORE: 30,
}


class Cloud(StrEnum):
    """Where resources are made."""

    SANDBOX = "sandbox"
    AWS = "aws"


class EngineChoice(StrEnum):
    """Which Pulumi engine runs operations; `auto` prefers the official CLI on PATH."""

    AUTO = "auto"
    OFFICIAL = "official"
    SANDBOX = "sandbox"


class BudgetExcess(StrEnum):
    """What becomes of a plan that goes over a budget."""

    APPROVAL = "approval"
    REFUSE = "refuse"


class BudgetSetting(BaseModel):
    """What a team's environments of a class may cost a month together, at their desired sizes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    team: str | None = Field(default=None, description="Absent: each team has this budget of its own")
    environment_class: str | None = Field(
        default=None, alias="class", description="Absent: all classes together"
    )
    usd_per_month: Decimal = Field(gt=0, decimal_places=2)
    excess: BudgetExcess = Field(
        default=BudgetExcess.APPROVAL, description="Over it a plan needs `approval`, or is `refuse`d"
    )
    warn_percent: int = Field(default=80, ge=1, le=100, description="From this share on plans are warned of")


_ROLE_ARN = r"^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$"


class TargetAccount(BaseSettings):
    """An AWS account that environments can be deployed to, by its name in the request."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    account_id: str = Field(pattern=r"^\d{12}$")
    deploy_role_arn: str | None = Field(default=None, pattern=_ROLE_ARN)
    read_only_role_arn: str | None = Field(default=None, pattern=_ROLE_ARN)


class LifetimeSetting(BaseModel):
    """How long environments live: without a `ttl` of their own, and at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_days: float | None = Field(
        default=None, gt=0, description="Where the request names none; absent: the longest, else no end"
    )
    max_days: float | None = Field(default=None, gt=0, description="Absent: any")


class Settings(BaseSettings):
    """Everything that can be configured, from `BERTH_*` environment variables."""

    model_config = SettingsConfigDict(env_prefix="BERTH_", env_nested_delimiter="__", frozen=True)

    cloud: Cloud = Cloud.SANDBOX
    engine: EngineChoice = EngineChoice.AUTO

    database_url: SecretStr | None = Field(
        default=None, description="postgresql://… ; absent: `berth up` starts an embedded Postgres"
    )
    migration_database_url: SecretStr | None = Field(
        default=None,
        description="Of the role that owns the database: `berth migrate` uses it, and lets the role "
        "of database_url serve; absent: one role does both",
    )
    database_pool_size: int = Field(default=10, ge=1)
    data_dir: Path = Field(
        default=Path(".berth"), description="Embedded Postgres, sandbox cloud, run directories"
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description="Networks (CIDR) of proxies whose X-Forwarded-For and -Proto are believed; empty: none",
    )
    backend_url: str | None = Field(
        default=None, description="The API's address as workers' engines reach it; absent: http://host:port"
    )
    secrets_key: SecretStr | None = Field(
        default=None,
        description="Base64 of 32 bytes: wraps every stack's data key. The sandbox makes one in data_dir.",
    )
    secrets_kms_key: str | None = Field(
        default=None,
        description="Id, alias or ARN of an AWS KMS key that wraps the data keys instead of secrets_key",
    )
    previous_secrets_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="What secrets_key was before: still opens what it wrapped until that is rewrapped",
    )

    oidc: OidcSetting | None = Field(
        default=None, description="The identity provider whose bearer tokens people and pipelines send"
    )
    groups: dict[str, tuple[Grant, ...]] = Field(
        default_factory=dict[str, tuple[Grant, ...]],
        description='Roles by group, for instance {"shop": [{"team": "storefront", "role": "developer"}]}',
    )
    backstage: BackstageSetting | None = Field(
        default=None, description="The Backstage whose plugins call by their service-to-service tokens"
    )
    admin_token: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="A platform admin's bearer token, to make the first tokens with; 32 characters at least",
    )
    max_token_days: int = Field(
        default=365, ge=1, description="The longest life of a token that is made here"
    )

    default_region: str = "us-east-1"
    accounts: dict[str, TargetAccount] = Field(
        default_factory=lambda: {"default": TargetAccount(account_id="123456789012")}
    )
    default_account: str = "default"

    worker_concurrency: int = Field(default=2, ge=1, description="Operations run at once by one worker")
    worker_metrics_port: int | None = Field(
        default=None, ge=0, le=65535, description="Where a worker shows /metrics; absent: nowhere"
    )
    engine_parallelism: int = Field(default=16, ge=1, description="Resource steps at once in one operation")
    lease_seconds: int = Field(
        default=30, ge=3, description="An operation not renewed for so long is interrupted"
    )
    cancel_grace_seconds: int = Field(default=60, ge=0)
    shutdown_grace_seconds: int = Field(default=120, ge=0)
    operation_timeout_minutes: dict[OperationKind, float] = Field(
        default_factory=lambda: dict(DEFAULT_TIMEOUT_MINUTES),
        description="By kind; a run that lasts longer is cancelled and has failed",
    )
    transient_retries: int = Field(
        default=2, ge=0, le=5, description="Further attempts after throttling or a lost connection"
    )
    automatic_recoveries: int = Field(
        default=2, ge=0, le=5, description="In a row after a dead worker; then a person decides. 0: never"
    )
    sandbox_latency: Literal["none", "demo"] = Field(
        default="none",
        description="How long the simulated cloud's calls take: not at all, or so that one sees",
    )
    max_waiting_operations: int = Field(default=20, ge=1, description="Per environment; more are refused")
    queue_policies: tuple[QueueSetting, ...] = Field(
        default=(),
        description='Where a request names none, for instance [{"class": "ephemeral", "policy": "latest"}]; '
        "what names blueprint and class goes before what names one of them",
    )
    webhook_private_targets: tuple[str, ...] = Field(
        default=(),
        description="Networks (CIDR) that webhooks may go to although they are private, by http too",
    )
    approvals: dict[str, ApprovalSetting] = Field(
        default_factory=dict[str, ApprovalSetting],
        description='By class, for instance {"production": {"approvers": 2}}; a class left out needs nobody',
    )
    team_approvals: dict[str, dict[str, ApprovalSetting | None]] = Field(
        default_factory=dict[str, dict[str, ApprovalSetting | None]],
        description="By team and class, in place of the rule of the class; null: nobody. For instance "
        '{"storefront": {"production": {"approvers": 3}}}',
    )
    drift_check_hours: dict[str, int] = Field(
        default_factory=lambda: {"production": 24, "standard": 24},
        description="How often the cloud is compared with the record, by class; a class left out: never",
    )
    approval_on_findings: ApprovalSetting | None = Field(
        default=None,
        description="Who must agree where a check of the plan asks for it and no rule says who; absent: one, "
        "who may have asked for it, but not in class production with cloud=aws",
    )
    guardrails: GuardrailSettings = Field(
        default_factory=GuardrailSettings, description="What plans are held to: see docs/guardrails.md"
    )
    plan_first: PlanFirst = Field(
        default=PlanFirst.AUTO, description="`always`: every deploy is planned, checked and held to its plan"
    )
    budgets: tuple[BudgetSetting, ...] = Field(
        default=(),
        description='For instance [{"class": "ephemeral", "usd_per_month": "500", "excess": "refuse"}]; a '
        "budget that names a team takes the place of the one for every team",
    )
    quotas: tuple[QuotaSetting, ...] = Field(
        default=(),
        description='How much teams may have at once, for instance [{"environments": 10, "vcpus": 64}]; one '
        "that names a team takes the place of the one for every team. See docs/limits.md",
    )
    recommendation_reasons: Path | None = Field(
        default=None, description="A table of reasons of one's own (TOML) in place of the one that ships"
    )
    price_refresh_hours: int = Field(
        default=24, ge=1, description="How often prices are read anew from AWS, with cloud=aws"
    )
    lifetimes: dict[str, LifetimeSetting] = Field(
        default_factory=lambda: {"ephemeral": LifetimeSetting(default_days=3, max_days=30)},
        description='Times to live by class, for instance {"standard": {"max_days": 90}}',
    )
    team_lifetimes: dict[str, dict[str, LifetimeSetting]] = Field(
        default_factory=dict[str, dict[str, LifetimeSetting]],
        description="Times to live by team and class, before those of the class alone",
    )
    failed_creation_hours: dict[str, float] = Field(
        default_factory=lambda: {"ephemeral": 24.0, "standard": 72.0},
        description="After so many hours an environment whose creation failed is destroyed, by class; "
        "a class left out: never",
    )
    rate_limits: RateLimitSetting = Field(
        default_factory=RateLimitSetting, description="Nobody is limited where nobody must prove anything"
    )
    allowed_origins: tuple[Origin, ...] = Field(
        default=(),
        description="Web pages of other origins whose scripts may call the API, for instance "
        '["https://portal.example.com"]; empty: none',
    )
    retention: RetentionSettings = Field(
        default_factory=RetentionSettings, description="How long records are kept: see docs/operations.md"
    )
    max_body_bytes: int = Field(default=1_000_000, ge=1024, description="Of a request to /v1")
    max_state_bytes: int = Field(
        default=32_000_000,
        ge=1024,
        description="Of a state that is imported over /v1; larger ones come by `pulumi stack import`",
    )

    def lifetime_of(self, environment_class: str, team: str) -> LifetimeSetting:
        """Return how long a team's environments of a class live."""
        of_team = self.team_lifetimes.get(team, {}).get(environment_class)
        return of_team or self.lifetimes.get(environment_class, LifetimeSetting())

    def approvals_of(self, environment_class: str, team: str) -> ApprovalSetting | None:
        """Return who must agree to deploys and destroys: the team's rule for the class, else the class's."""
        of_team = self.team_approvals.get(team, {})
        return (
            of_team[environment_class]
            if environment_class in of_team
            else self.approvals.get(environment_class)
        )

    def approvals_on_findings(self, environment_class: str) -> ApprovalSetting:
        """Return who must agree where a check of a plan asks for it and no rule says who."""
        is_ours_alone = self.cloud is not Cloud.AWS or environment_class != EnvironmentClass.PRODUCTION
        return self.approval_on_findings or ApprovalSetting(self_approval=is_ours_alone)

    def queue_policy_of(self, blueprint: str, environment_class: str) -> QueuePolicy:
        """Return what a new operation does where others run or wait, if its caller did not say."""
        about = [one for one in self.queue_policies if one.speaks_of(blueprint, environment_class)]
        chosen = max(about, key=lambda one: one.precision, default=None)
        return QueuePolicy.QUEUE if chosen is None else chosen.policy

    @property
    def authenticates(self) -> bool:
        """Whether callers must prove who they are."""
        return any(one is not None for one in (self.oidc, self.backstage, self.admin_token))

    @model_validator(mode="after")
    def _quotas_are_one_for_each(self) -> Self:
        teams = [one.team for one in self.quotas]
        if len(set(teams)) < len(teams):
            msg = "quotas: two are for the same team, or for every team; write one"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _default_account_is_known(self) -> Self:
        if self.default_account not in self.accounts:
            msg = f"default_account {self.default_account!r} is not one of accounts: {sorted(self.accounts)}"
            raise ValueError(msg)
        return self
