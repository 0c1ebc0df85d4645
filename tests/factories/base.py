"""The base of every factory."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Calling a factory gives a row of its model, which no type of factory_boy's can say.
    ModelFactory: Any = None
else:
    from factory.django import DjangoModelFactory as ModelFactory

__all__ = ["ModelFactory"]
