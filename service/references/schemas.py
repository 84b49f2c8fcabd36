"""References as the API shows them."""

from pydantic import BaseModel, Field


class ReferencesView(BaseModel):
    """Which environments use which, by the outputs that their requests name."""

    uses: list[str] = Field(
        description="Environments whose outputs this one uses", examples=[["shop/orders"]]
    )
    used_by: list[str] = Field(description="Living environments that use outputs of this one")
