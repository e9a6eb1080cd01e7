"""Texts of files that have too much of something: up to what is read at all, and just below every other limit."""

from collections.abc import Callable

_LESSON, _SITTING = 1 << 17, 1 << 21  # bytes that are read at the most
_KEYS = 49_000  # a little below what is read of them
_HEAD = b"[session]\nversion = 1\n"
_SMALL = b"[network]\ninputs = [1]\ntargets = [1]\nhidden = 1\nweights = [1, 1]\n"
_LARGE = (
    b"[network]\ninputs = [%b]\ntargets = [%b]\nhidden = 8\nweights = [%b]\n"  #
    % (b"1," * 8, b"1," * 8, b"1," * 128)
)


def _filled(most: int, head: bytes, unit: Callable[[int], bytes]) -> bytes:
    parts, size = [head], len(head)
    while size + len(part := unit(len(parts))) <= most:
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _around(most: int, before: bytes, unit: bytes, after: bytes) -> bytes:
    return before + unit * ((most - len(before) - len(after)) // len(unit)) + after


def _of_anything(most: int, head: bytes) -> dict[str, bytes]:
    """Too much of what TOML has."""
    return {
        "keys": _filled(most, head, lambda i: b"a%x=1\n" % i),
        "tables": _filled(most, head, lambda i: b"[a%x]\n" % i),
        "tables-inline": _filled(most, head, lambda i: b"a%x={}\n" % i),
        "lists-of-tables": _filled(most, head, lambda i: b"[[a]]\n"),
        "deep-keys": _filled(most, head, lambda i: b"a%x%b=1\n" % (i, b".a" * 190)),
        "deep-tables": _filled(most, head, lambda i: b"[a%x%b]\n" % (i, b".a" * 190)),
        "deep-tables-of-numbers": _filled(most, head, lambda i: b"[%d%b]\n" % (i, b".1" * 190)),
        "deep-lists": _around(most, head + b"a=", b"[", b""),
        "deepish-lists": _filled(most, head, lambda i: b"a%x=%b%b\n" % (i, b"[" * 300, b"]" * 300)),
        "dots": _around(most, head + b"a", b".a", b"=1"),
        "numbers": _around(most, head + b"a=[", b"1,", b"]"),
        "lists": _around(most, head + b"a=[", b"[],", b"]"),
        "dates": _around(most, head + b"a=[", b"1979-05-27T07:32:00Z,", b"]"),
        "digits": _around(most, head + b"a=", b"9", b""),
        "digits-of-a-float": _around(most, head + b"a=1.", b"9", b""),
        "digits-with-underscores": _around(most, head + b"a=1", b"_1", b""),
        "digits-often": _around(most, head + b"a=[", b"9" * 1900 + b",", b"]"),
        "a-number-of-a-million-bits": _around(most, head + b"a=0x", b"f", b""),
        "a-long-key": _around(most, head, b"z", b"=1"),
        "a-long-title": _around(most, head + b'title="', b"z", b'"'),
        "a-string-without-end": _around(most, head + b'a="', b"z", b""),
        "escapes": _around(most, head + b'b="', b"\\n", b'"'),
        "quotes": _around(most, head + b"b='''", b"''z", b"'''"),
        "backslashes": _around(most, head + b'b="""', b"\\\n", b'"""'),
        "empty-lines": _around(most, head, b"\n", b"a"),
        "comments": _around(most, head, b"#\n", b"a"),
        "carriage-returns": _around(most, head, b"\r", b""),
        "zeros": _around(most, head, b"\0", b""),
        "no-text": _around(most, head, b"\xff", b""),
        "a-loss-of-many-bits": head + b"[training]\nloss=0x" + b"f" * 1900,
        "a-step-of-many-bits": head + b"[training]\nstep=0x" + b"f" * 1900,
    }


def lesson_texts() -> dict[str, bytes]:
    """By what is too much of each."""
    printed = b"[[figures]]\nround=1\n[figures.printed]\n"
    return _of_anything(_LESSON, b"") | {
        "quantities": _filled(_LESSON, _LARGE + printed, lambda i: b"dE_dw%d9='1'\n" % i),
        "digits-printed": _around(_LESSON, _SMALL + printed + b'E="', b"9", b'"'),
        "bits-printed": _SMALL + printed + b"E=0x" + b"f" * 1900,
        "bits-of-order": b"order=0x" + b"f" * 1900 + b"\n" + _SMALL,
        "neurons": _filled(_LESSON, _LARGE + b"[network.activation]\n", lambda i: b"h9%x='relu'\n" % i),
        "activations": _around(_LESSON, _SMALL + b"activation = {hidden=[", b"{a=1},", b"]}\n"),
        "variants-without-names": _filled(_LESSON, _SMALL, lambda i: b"[[variants]]\ntraining={stp=1}\n"),
    }


def sitting_texts() -> dict[str, bytes]:
    """By what is too much of each."""
    each = b"[[trainings]]\nname='a'\n"
    some = _KEYS // 200 - 20  # for each of 200 trainings
    quantities = b"[[trainings.lesson.figures]]\nround=1\n[trainings.lesson.figures.printed]\n"
    quantities += b"".join(b"dE_dw%d9='1'\n" % i for i in range(some))
    return _of_anything(_SITTING, _HEAD) | {
        "as-many-keys-as-are-read": _HEAD + b"".join(b"a%x=1\n" % i for i in range(_KEYS)),
        "as-many-tables-as-are-read": _HEAD + b"".join(b"[a%x]\n" % i for i in range(_KEYS)),
        "as-deep-tables-as-are-read": _HEAD + b"".join(b"[a%x%b]\n" % (i, b".a" * 190) for i in range(_KEYS // 192)),
        "as-many-values-as-are-read": _HEAD + b"a=[" + b"1," * 190_000 + b"]\n",
        "as-many-lines-as-are-read": _HEAD + b"#########\n" * 190_000 + b"a",
        "strange-keys-of-each-training": _HEAD
        + (each + b"[trainings.lesson]\n" + b"".join(b"a%x=1\n" % i for i in range(some))) * 200,
        "quantities-of-each-training": _HEAD
        + (each + _LARGE.replace(b"[network]", b"[trainings.lesson.network]") + quantities) * 200,
    }
