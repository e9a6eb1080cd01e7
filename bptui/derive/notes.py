"""A lesson's note on paper: a report or a notebook has no screens and no keys to press."""

import re

from bptui.lessons.lesson import load_bundled_lessons
from bptui.text.markdown import split_blocks

_HINT = re.compile(r"\bpress\b|\bscreen\b|`(?:[a-z?]|enter|tab|space|escape|home)`", re.IGNORECASE)
_SENTENCE = re.compile(r"\S.*?(?:[.!?]\**(?=\s)|\Z)", re.DOTALL)


def make_printed_note(note: str) -> str:
    """Return a note without the hints about keys and screens of a bundled lesson; what a user wrote stays."""
    if not _HINT.search(note):
        return note
    for lesson in load_bundled_lessons():
        if lesson.note and lesson.note in note:
            blocks = filter(None, map(_leave_out_hints, split_blocks(lesson.note)))
            return note.replace(lesson.note, "\n\n".join(blocks) + "\n" * lesson.note.endswith("\n"))
    return note


def _leave_out_hints(block: str) -> str:
    """Return a block without its clauses about keys and screens."""
    if not _HINT.search(block):
        return block
    kept = []
    for sentence in _SENTENCE.findall(block):
        clauses = [clause for clause in sentence.split("; ") if not _HINT.search(clause)]
        if clauses:
            text = "; ".join(clauses)
            kept.append(text if text == sentence else f"{text[:1].upper()}{text[1:].rstrip('.')}.")
    return " ".join(kept)
