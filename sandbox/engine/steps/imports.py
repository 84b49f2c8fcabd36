"""What `pulumi import` asks for."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Import:
    """One resource to take over, or a component to make for others to stand in."""

    type: str
    name: str
    id: str = ""
    parent: str = ""
    provider: str = ""
    version: str = ""
    download_url: str = ""
    properties: list[str] = field(default_factory=list[str])
    is_component: bool = False
    is_remote: bool = False
    protect: bool = False
