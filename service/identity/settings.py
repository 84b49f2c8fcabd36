"""What an installation says about its identity provider and its Backstage."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from service.access.grants import Grant


class SigningAlgorithm(StrEnum):
    """Signatures that are accepted: made with a private key that Berth never has (RFC 7518, 3.1; RFC 8037).

    `none` and the HMAC ones are not among them: a public key must never serve as a shared secret.
    """

    RS256 = "RS256"
    RS384 = "RS384"
    RS512 = "RS512"
    PS256 = "PS256"
    PS384 = "PS384"
    PS512 = "PS512"
    ES256 = "ES256"
    ES384 = "ES384"
    ES512 = "ES512"
    EDDSA = "EdDSA"


class OidcSetting(BaseModel):
    """The identity provider of people and pipelines (OpenID Connect)."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(pattern=r"^https?://\S+$", description="Exactly as it stands in the tokens")
    audience: str = Field(min_length=1, description="What the tokens must be for, e.g. `berth`")
    jwks_url: str | None = Field(
        default=None, description="Where its keys are; absent: where its discovery document says"
    )
    algorithms: tuple[SigningAlgorithm, ...] = Field(
        default=(SigningAlgorithm.RS256, SigningAlgorithm.ES256), min_length=1
    )
    leeway_seconds: int = Field(default=30, ge=0, le=300, description="How far clocks may be apart")
    subject_claim: str = Field(default="sub", description="Names the person in records, e.g. `email`")
    groups_claim: str = Field(default="groups", description="Dots lead into objects: `realm_access.roles`")
    client_id: str | None = Field(default=None, description="Of the form's Authorize button: a public client")
    authorization_url: str | None = Field(default=None, description="Where the form sends people to sign in")
    token_url: str | None = Field(default=None, description="Where the form gets their tokens")
    scopes: tuple[str, ...] = ("openid", "profile")

    @model_validator(mode="after")
    def _form_knows_where_to_sign_in(self) -> Self:
        if self.client_id is not None and not (self.authorization_url and self.token_url):
            raise PydanticCustomError("sign_in", "client_id needs authorization_url and token_url beside it")
        return self


class BackstageSetting(BaseModel):
    """The Backstage whose plugins call Berth by their own service-to-service tokens."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    base_url: str = Field(
        pattern=r"^https?://\S+$", description="Of its backend, e.g. https://portal.acme.dev"
    )
    plugins: tuple[str, ...] = Field(
        default=("scaffolder", "catalog"), description="Ids of the plugins that may call"
    )
    audience: str = Field(default="berth", description="The plugin id for which the tokens are made")
    algorithms: tuple[SigningAlgorithm, ...] = Field(default=(SigningAlgorithm.ES256,), min_length=1)
    leeway_seconds: int = Field(default=30, ge=0, le=300, description="How far clocks may be apart")
    grants: tuple[Grant, ...] = Field(min_length=1, description="What its plugins may")
