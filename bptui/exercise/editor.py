"""What keys do in an exercise's form: a draft, the field with the cursor, and a method for each key.

A field that the cursor comes to is selected whole, so the next sign replaces it and an arrow leaves it. A list that was
typed, or pasted by a terminal as if it were typed, is spread over the cells when the cursor leaves the field.
"""

from collections.abc import Callable, Sequence
from dataclasses import field, replace

from bptui.exercise.cells import WEIGHTS, add_verb
from bptui.exercise.draft import Draft
from bptui.exercise.filling import fill_cells
from bptui.exercise.heading import FIELDS, LONGEST_TITLE
from bptui.exercise.reading import is_list
from bptui.exercise.typing import TypedLine
from bptui.lessons.lesson import Lesson
from bptui.record import record
from bptui.text.words import clip_endless, format_count, make_one_line, make_printable

_LONGEST = 10_000  # characters of a field
_LONGEST_PASTE = 20_000  # characters
_MOST_UNDONE = 200  # changes that can be undone

Rows = Sequence[Sequence[tuple[str, int]]]
"""The rows of a form from the top down: the key and the first column of each field in it."""


@record
class Editor:
    """A form in use.

    Attributes:
        draft: The exercise.
        at: The key of the field with the cursor.
        place: How many of its characters are before the cursor; None while all of it is selected.
        notice: What the last key did, where that is not plain to see.
        is_refusal: Whether the notice says why something was not done.
        past: The drafts before, each with the field that was changed then.
    """

    draft: Draft
    at: str = "title"
    place: int | None = None
    notice: str = ""
    is_refusal: bool = False
    past: tuple[tuple[Draft, str], ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The text of the field with the cursor."""
        return self.draft.text_of(self.at)

    @property
    def options(self) -> tuple[str, ...]:
        """What the field with the cursor chooses from; nothing where a text is typed."""
        found = FIELDS[self.at].options if self.at in FIELDS else ()
        return (*found, self.text) if found and self.text not in found else found

    def with_base(self, lesson: Lesson) -> "Editor":
        """Take in the printed values that were typed for the exercise."""
        count = sum(len(figures.printed) for figures in lesson.figures)
        said = f"{format_count(count, 'printed value')}; train the exercise, then press c to check"
        return replace(self, draft=replace(self.draft, base=lesson))._note(said if count else "no printed values")

    # Typing

    def type_text(self, text: str) -> "Editor":
        """Put text in at the cursor; where there is something to choose, choose what begins so."""
        if self.options:
            return self.choose_next() if text == " " else self._choose_by(text)
        return self.edit(lambda line: line.insert(text))

    def type_keys(self, text: str) -> "Editor":
        """Do what characters do as keys, and enter at the end of each line; what is put in is put in at once."""
        editor = self
        for place, line in enumerate(text.split("\n")):
            editor = editor.enter() if place else editor
            for piece in line if editor.options else filter(None, (line,)):
                editor = editor.type_text(piece)
        return editor

    def edit(self, change: Callable[[TypedLine], TypedLine]) -> "Editor":
        """Change the line that is typed, or move its cursor; a choice has none."""
        if self.options:
            return self
        line = change(TypedLine(self.text, self.place))
        text = line.text[: LONGEST_TITLE if self.at == "title" else _LONGEST]
        changed = self if text == self.text else self._change(self.draft.with_text(self.at, text), typing=True)
        return replace(changed, place=min(line.end, len(text)))

    # Choosing

    def choose_next(self, step: int = 1) -> "Editor":
        """Choose the next of the options, or one before it if the step is negative."""
        options = self.options
        return self._choose(options[(options.index(self.text) + step) % len(options)])

    def _choose_by(self, letter: str) -> "Editor":
        """Choose the next option that begins with a letter, or else one with a word that does."""
        options, now = self.options, self.options.index(self.text)
        after = (*options[now + 1 :], *options[: now + 1])
        starts = [one for one in after if one.startswith(letter.lower())]
        found = next(iter(starts), "") or next((one for one in after if f" {letter.lower()}" in one), "")
        return self._choose(found) if found else self._refuse(f'no option begins with "{letter}"')

    def _choose(self, option: str) -> "Editor":
        return replace(self._change(self.draft.with_text(self.at, option)), place=None)

    # Moving

    def go_to(self, key: str) -> "Editor":
        """Go to a field; what was typed in this one is spread if it is a list."""
        if key == self.at or key not in self.draft.fields:
            return self
        left = self._leave()
        return replace(left, at=key if left.at == self.at else left.at, place=None)

    def next(self) -> "Editor":
        """Go to the next field, from the last to the first."""
        return self._go_by(1)

    def previous(self) -> "Editor":
        """Go to the field before."""
        return self._go_by(-1)

    def enter(self) -> "Editor":
        """Go to the next field; at the end to the first cell that is empty or wrong, or say that there is none.

        Inside a bracket it is the end of a line of a matrix, which a terminal may paste as if it were typed.
        """
        if self.at not in FIELDS and self.text.count("[") > self.text.count("]"):
            return self.type_text(" ")
        if self.at != self.draft.fields[-1]:
            return self.next()
        left = self._leave()
        if left.draft.missing:
            return replace(left, at=left.draft.missing[0], place=None)
        found = left._go_to_fault()
        return found if found.notice else found._note("every cell is filled: press ctrl+s to train")

    def _go_by(self, step: int) -> "Editor":
        fields = self.draft.fields
        return self.go_to(fields[(fields.index(self.at) + step) % len(fields)])

    def go_across(self, step: int) -> "Editor":
        """Move the cursor by a character; at the end of the text to the field beside; change a choice."""
        if self.options:
            return self.choose_next(step)
        line = TypedLine(self.text, self.place).go_across(step)
        return self._go_by(step) if line is None else replace(self, place=line.place)

    def go_down(self, rows: Rows, step: int = 1) -> "Editor":
        """Go to the field below, or above if the step is negative."""
        here = next((place for place, row in enumerate(rows) if any(key == self.at for key, _ in row)), 0)
        column = dict(rows[here]).get(self.at, 0)
        if not 0 <= here + step < len(rows):
            return self
        return self.go_to(min(rows[here + step], key=lambda one: abs(one[1] - column))[0])

    def _leave(self) -> "Editor":
        """Spread what was typed if it is a list; the field then has what it had before, unless the list fills it."""
        if self.at in FIELDS or not is_list(self.text):
            return replace(self, notice="", is_refusal=False)
        before, past = self.draft, self.past
        if past and past[-1][1] == self.at:
            before, past = past[-1][0], past[:-1]
        if is_list(before.text_of(self.at)):  # one that was refused
            before = before.with_text(self.at, "")
        spread = replace(self, draft=before, past=past).paste(self.text)
        return self._refuse(spread.notice) if spread.is_refusal else spread

    # Filling

    def paste(self, text: str) -> "Editor":
        """Put in a single number or a title as it is; spread anything more over the cells from this one on."""
        if len(text) > _LONGEST_PASTE:
            return self._refuse(
                f"{len(text):,} characters are too many (at most {_LONGEST_PASTE:,}): nothing was filled"
            )
        text = make_printable(text)
        if not is_list(text) or (self.at in FIELDS and "\n" not in text.strip() and self.at in ("title", "hidden")):
            return self.type_text(make_one_line(text))
        try:
            filling = fill_cells(self.draft.shape, self.at, text)
        except ValueError as refused:
            return self._refuse(str(refused))
        changed = self._change(self.draft.with_filling(filling))
        fields = changed.draft.fields
        last = max(place for place, key in enumerate(fields) if key in filling.texts)
        return replace(changed, at=fields[min(last + 1, len(fields) - 1)], place=None)._note(filling.notice)

    def fill_random(self) -> "Editor":
        """Start from random weights, other ones each time."""
        seed, names = self.draft.seed, self.draft.name_group(WEIGHTS)
        changed = replace(self._change(self.draft.with_random_weights()), place=None)
        return changed._note(f"{add_verb(names)} random, from −1 to 1 (seed {seed}){self.draft.describe_zero_biases()}")

    def fill_zeros(self) -> "Editor":
        """Start from weights of 0."""
        changed = replace(self._change(self.draft.with_zero_weights()), place=None)
        return changed._note(f"{add_verb(self.draft.name_group(WEIGHTS))} 0{self.draft.describe_zero_biases()}")

    def begin_anew(self, draft: Draft) -> "Editor":
        """Put another draft in place of this one."""
        return replace(self._change(draft), at="title", place=None)._note(
            "new exercise; ctrl+z brings back the previous one"
        )

    def undo(self) -> "Editor":
        """Take back the last change: all that was typed into one field, or one paste."""
        if not self.past:
            return self._refuse("nothing to undo")
        (draft, at), past = self.past[-1], self.past[:-1]
        at = at if at in draft.fields else draft.fields[0]
        return Editor(draft, at, None, "undone", past=past)

    def finish(self) -> "Editor":
        """Leave the field; where anything keeps the exercise from being trained, go to the first such thing."""
        return self._leave()._go_to_fault()

    def _go_to_fault(self) -> "Editor":
        draft = self.draft
        if draft.faults:
            key = next(key for key in draft.fields if key in draft.faults)
            return replace(self, at=key, place=None)._refuse(f"{draft.name_of(key)}: {draft.faults[key]}")
        if draft.missing:
            name, more = draft.name_of(draft.missing[0]), len(draft.missing) - 1
            rest = f" ({format_count(more, 'more cell')} to fill)" if more else ""
            return replace(self, at=draft.missing[0], place=None)._refuse(f"{name}: enter a number{rest}")
        return self

    # Changes

    def _change(self, draft: Draft, typing: bool = False) -> "Editor":
        """Return the form with another draft; typing into one field is one change."""
        goes_on = typing and self.place is not None and bool(self.past) and self.past[-1][1] == self.at
        past = self.past if goes_on else (*self.past, (self.draft, self.at))[-_MOST_UNDONE:]
        at = self.at if self.at in draft.fields else draft.fields[0]
        return replace(self, draft=draft, at=at, past=past, notice="", is_refusal=False)

    def ask_to_leave(self) -> "Editor | None":
        """Return the form with a warning that what was typed will be lost; None if nothing was, or if it is there."""
        asked = self._refuse("press escape again to discard what you typed; ctrl+s trains it")
        return None if not self.past or self.notice == asked.notice else asked

    def _note(self, notice: str) -> "Editor":
        return replace(self, notice=notice, is_refusal=False)

    def _refuse(self, reason: str) -> "Editor":
        return replace(self, notice=clip_endless(reason), is_refusal=True)
