"""The services whose files can be imported: every file in ``formats/`` is one."""

from importlib import import_module
from pkgutil import iter_modules

from bot.imports import formats
from bot.imports.format import ImportSource


def import_sources() -> tuple[ImportSource, ...]:
    """Return the services, in the order in which their files are recognised."""
    names = [f"{formats.__name__}.{module.name}" for module in iter_modules(formats.__path__)]
    sources: list[ImportSource] = [import_module(name).SOURCE for name in names]
    return tuple(sorted(sources, key=lambda one: (not one.is_own, one.order, one.name)))


def named_sources() -> tuple[ImportSource, ...]:
    """Return the services that people are told of, in the order in which they are named."""
    told = [source for source in import_sources() if source.how_to_get]
    return tuple(sorted(told, key=lambda source: source.is_own))
