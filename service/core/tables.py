"""Every table of the service, gathered for the migrations."""

import importlib
import importlib.util
import pkgutil

from sqlalchemy import MetaData

import service
from service.core.database import Base


def every_table() -> MetaData:
    """Import the `tables` module of each package under `service` and return what they declare."""
    for package in pkgutil.iter_modules(service.__path__):
        name = f"service.{package.name}.tables"
        if package.ispkg and importlib.util.find_spec(name) is not None:
            importlib.import_module(name)
    return Base.metadata
