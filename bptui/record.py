"""Frozen dataclasses that are quick to make: a start makes more than a hundred.

``dataclasses`` compiles six functions for each class. Here only ``__init__`` is compiled; the others are the same for
all classes. A record is a dataclass to ``replace``, ``fields`` and ``asdict``, and behaves as one with
``frozen=True``. No field is keyword-only, left out of ``__init__``, or an ``InitVar``.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform, overload

Made = TypeVar("Made")
_Class = type[Any]
_Read = Callable[[Any], tuple[Any, ...]]


@overload
def record(made: type[Made], /) -> type[Made]: ...


@overload
def record(*, eq: bool = True, slots: bool = False, keeps_hash: bool = False) -> Callable[[type[Made]], type[Made]]: ...


@dataclass_transform(frozen_default=True, eq_default=True, field_specifiers=(field, Field))
def record(made: type[Made] | None = None, /, *, eq: bool = True, slots: bool = False, keeps_hash: bool = False) -> Any:
    """Make a class a frozen dataclass.

    Args:
        made: The class.
        eq: Whether two of the same values are equal, and have the same hash; otherwise each is equal to itself alone.
        slots: Whether its instances have no attributes but their fields.
        keeps_hash: Whether an instance computes its hash once: of many fields, as a key of much that is kept. It is
            without slots, and never pickled, as a text has another hash in another process.
    """
    if made is None:
        return lambda made: _complete(_make(made, slots), eq, slots, keeps_hash)
    return _complete(_make(made), eq)


def _make(made: _Class, slots: bool = False) -> _Class:
    return dataclass(init=False, repr=False, eq=False, slots=slots)(made)


def _complete(made: _Class, eq: bool, slots: bool = False, keeps_hash: bool = False) -> _Class:
    """Add what a frozen dataclass has to a class with fields, except what it has of its own."""
    items = fields(made)
    methods = {"__init__": _make_init(made, items), "__repr__": _make_repr(items), **_make_frozen(made, items)}
    if eq:
        methods |= _make_equal(_read([item.name for item in items if item.compare]), keeps_hash)
    if slots:
        methods |= _make_state([item.name for item in items])
    own = set(vars(made))
    if "__eq__" in own and made.__hash__ is None:  # which Python sets beside an ``__eq__``
        own.remove("__hash__")
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _read(names: list[str]) -> _Read:
    """Return what reads some attributes as a tuple; of none and of a single one, ``attrgetter`` makes none."""
    if not names:
        return lambda self: ()
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda self: (read(self),)


def _make_init(made: _Class, items: tuple[Field[Any], ...]) -> Callable[..., None]:
    known: dict[str, Any] = {"_put": object.__setattr__, "_MADE": MISSING}
    heads, lines = ["self"], []
    for item in items:
        name, default = item.name, f"_default_{item.name}"
        if item.default_factory is not MISSING:
            known[default] = item.default_factory
            heads.append(f"{name}=_MADE")
            lines.append(f" _put(self, {name!r}, {default}() if {name} is _MADE else {name})")
            continue
        if item.default is not MISSING:
            known[default] = item.default
        heads.append(name if item.default is MISSING else f"{name}={default}")
        lines.append(f" _put(self, {name!r}, {name})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(heads)}):\n" + "\n".join(lines or [" pass"]), known)
    found: Callable[..., None] = known["__init__"]
    found.__qualname__, found.__module__ = f"{made.__qualname__}.__init__", made.__module__
    return found


def _make_repr(items: tuple[Field[Any], ...]) -> Callable[[Any], str]:
    names = [item.name for item in items if item.repr]

    @recursive_repr()
    def __repr__(self: Any) -> str:  # noqa: N807 - the name that a traceback shows
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _make_equal(read: _Read, keeps_hash: bool) -> dict[str, Any]:
    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return read(self) == read(other) if type(self) is type(other) else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(read(self))

    def find_hash(self: Any) -> int:
        kept = vars(self)
        if "_hash" not in kept:
            kept["_hash"] = hash(read(self))
        return kept["_hash"]  # type: ignore[no-any-return]

    return {"__eq__": __eq__, "__hash__": find_hash if keeps_hash else __hash__}


def _make_frozen(made: _Class, items: tuple[Field[Any], ...]) -> dict[str, Any]:
    names = frozenset(item.name for item in items)

    def __setattr__(self: Any, name: str, value: object) -> None:  # noqa: N807
        if type(self) is made or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(made, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is made or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(made, self).__delattr__(name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _make_state(names: list[str]) -> dict[str, Any]:
    """Return what copies and pickles need, as they would set the attributes one by one."""

    def __getstate__(self: Any) -> list[Any]:  # noqa: N807
        return [getattr(self, name) for name in names]

    def __setstate__(self: Any, state: list[Any]) -> None:  # noqa: N807
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": __getstate__, "__setstate__": __setstate__}
