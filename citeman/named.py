"""Named tuples as `typing` declares them, made in less than half its time: every command makes dozens before it does anything."""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False  # type checkers take any constant of that name for true
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _Maker(type):
        """Makes a tuple of a class's annotated names; `typing.NamedTuple` compiles every annotation for it."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace.pop("__annotations__", {})
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace.pop("__module__"))
            made.__annotations__ = fields
            for attribute, value in namespace.items():
                setattr(made, attribute, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """What `typing.NamedTuple` is, for classes without `super()`."""
