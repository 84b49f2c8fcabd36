"""What can go wrong with blueprints."""

from service.core.errors import NotFoundError


class BlueprintNotFoundError(NotFoundError):
    """There is no blueprint of this name."""

    code = "blueprint_not_found"
    title = "No such blueprint"
