"""A record behaves as a frozen dataclass does: each test makes the same class both ways."""

import copy
import pickle
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from functools import cached_property, partial
from typing import Any

import pytest

from bptui.record import record

Make = Callable[..., Any]
WAYS: list[Make] = [partial(dataclass, frozen=True), record]
both = pytest.mark.parametrize("make", WAYS, ids=["dataclass", "record"])
slotted = pytest.mark.parametrize("slots", [False, True], ids=["with a dict", "with slots"])
NAN = float("nan")


def point(make: Make, **options: Any) -> Any:
    """A class with every kind of field that the program has."""

    class Point:
        """A point."""

        x: float
        y: float = 2.0
        note: str = field(default="n", compare=False)
        pen: str = field(default="p", repr=False)
        more: dict[str, int] = field(default_factory=dict, compare=False)

    return make(**options)(Point)


@record(slots=True)
class Kept:
    """A record that can be pickled, as it stands at the top of a file."""

    x: int
    y: int = 1


@slotted
@both
def test_values_are_taken_by_place_and_by_name_and_the_defaults_are_made_anew(make: Make, slots: bool) -> None:
    made = point(make, slots=slots)
    one, other = made(1.0, pen="q"), made(x=1.0)
    assert (one.x, one.y, one.note, one.pen, one.more) == (1.0, 2.0, "n", "q", {})
    assert one.more is not other.more
    for wrong in (made, partial(made, 1.0, z=2), partial(made, 1.0, x=2.0), partial(made, 1, 2, "", "", {}, 6)):
        with pytest.raises(TypeError, match=r"__init__\(\)"):
            wrong()


@slotted
@both
def test_two_are_equal_if_their_class_and_the_fields_that_are_compared_are(make: Make, slots: bool) -> None:
    made, another = point(make, slots=slots), point(make, slots=slots)
    assert made(1.0, note="a") == made(1.0, note="b")
    assert hash(made(1.0, note="a")) == hash(made(1.0, note="b"))
    assert made(1.0) != made(2.0)
    assert made(1.0) != another(1.0)
    assert made(1.0).__eq__(another(1.0)) is NotImplemented
    assert (made(NAN) == made(NAN)) is (make is record or sys.version_info < (3, 13))  # as in a tuple, until then
    assert made(float("nan")) != made(float("nan"))
    with pytest.raises(TypeError, match="unhashable"):
        hash(made([]))


@both
@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_fields_are_compared_and_hashed_as_a_tuple(count: int, make: Make) -> None:
    made = make(type("Few", (), {"__annotations__": {f"f{place}": Any for place in range(count)}, "__doc__": ""}))
    values = (("a",), "b")[:count]
    assert made(*values) == made(*values)
    assert hash(made(*values)) == hash(values)
    assert repr(made(*values)) == ("Few()", "Few(f0=('a',))", "Few(f0=('a',), f1='b')")[count]


@both
def test_without_eq_each_is_equal_to_itself_alone(make: Make) -> None:
    made = point(make, eq=False)
    one = made([])
    assert one == one
    assert one != made([])
    assert hash(one) == object.__hash__(one)


@slotted
@both
def test_no_field_can_be_set_or_deleted(make: Make, slots: bool) -> None:
    one = point(make, slots=slots)(1.0)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        one.x = 2.0
    with pytest.raises((FrozenInstanceError, TypeError)):  # the second by a dataclass with slots, before Python 3.14
        one.z = 2.0
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del one.x


@both
def test_a_plain_subclass_sets_what_is_no_field_and_a_record_of_a_record_has_the_fields_of_both(make: Make) -> None:
    base = point(make)
    plain = type("Plain", (base,), {})
    one = plain(1.0)
    one.own = 3
    del one.own
    with pytest.raises(FrozenInstanceError):
        one.x = 2.0
    longer = make(type("Longer", (base,), {"__annotations__": {"z": int}, "z": 0, "__doc__": ""}))
    assert [item.name for item in fields(longer)] == ["x", "y", "note", "pen", "more", "z"]
    assert longer(1.0, z=1) != longer(1.0, z=2)
    assert longer(1.0) != base(1.0)


@both
def test_what_a_class_has_of_its_own_is_kept(make: Make) -> None:
    def compare(self: object, other: object) -> bool:
        return True

    own = {"__repr__": lambda self: "own", "__hash__": lambda self: 7, "__eq__": compare, "__post_init__": check}
    made = make(type("Own", (), {"__annotations__": {"x": int}, "__doc__": "", **own}))
    assert (repr(made(1)), hash(made(1)), made(1)) == ("own", 7, 0)
    with pytest.raises(ValueError, match="negative"):
        made(-1)
    only_equal = make(type("Equal", (), {"__annotations__": {"x": int}, "__doc__": "", "__eq__": compare}))
    assert hash(only_equal(1)) == hash((1,))


def check(self: Any) -> None:
    """Refuse a negative value."""
    if self.x < 0:
        raise ValueError("negative")


@both
def test_the_text_names_the_fields_and_ends_where_it_meets_itself(make: Make) -> None:
    one = point(make)(1.0, more={})
    one.more["self"] = one
    name = "point.<locals>.Point"
    assert repr(one) == f"{name}(x=1.0, y=2.0, note='n', more={{'self': ...}})"


@slotted
@both
def test_it_can_be_replaced_copied_taken_apart_and_matched(make: Make, slots: bool) -> None:
    one = point(make, slots=slots)(1.0, more={"a": 1})
    assert replace(one, y=5.0).y == 5.0
    assert copy.copy(one) == one
    assert copy.deepcopy(one).more == {"a": 1}
    assert asdict(one) == {"x": 1.0, "y": 2.0, "note": "n", "pen": "p", "more": {"a": 1}}
    assert type(one).__match_args__ == ("x", "y", "note", "pen", "more")
    assert hasattr(one, "__dict__") is not slots


@both
def test_a_value_that_is_computed_once_is_kept_in_it(make: Make) -> None:
    class Lazy:
        """Counts how often it computes."""

        seen: list[int]

        @cached_property
        def size(self) -> int:
            """How often it was computed."""
            self.seen.append(1)
            return len(self.seen)

    one = make(Lazy)([])
    assert (one.size, one.size, one.seen) == (1, 1, [1])


def test_a_record_with_slots_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(2))) == Kept(2)


def test_a_hash_that_is_kept_is_the_usual_one_and_is_computed_once() -> None:
    counted = Counted()

    @record(keeps_hash=True)
    class Keyed:
        value: Counted

    one = Keyed(counted)
    assert hash(one) == hash(one) == hash((counted,)) and counted.times == 2
    assert one == Keyed(counted) and vars(replace(one, value=Counted())).keys() == {"value"}


class Counted:
    """Counts how often its hash is asked for."""

    def __init__(self) -> None:
        self.times = 0

    def __hash__(self) -> int:
        self.times += 1
        return 7
