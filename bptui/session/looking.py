"""What the user can do with a session that changes no number: select a part, and choose how numbers are shown."""

from typing import Self

from bptui.core.quantities.parts import move_selection
from bptui.record import record
from bptui.session.notices import describe_digits, describe_torch
from bptui.session.state import DIGITS, FORMS, SessionState, find_next_form


@record(eq=False)
class Looking(SessionState):
    """A session's state, and the ways to look at it."""

    def select(self, part: str) -> Self:
        """Select a node, weight, bias, E or a sample of the round; ignore what this network lacks."""
        changes = self.find_selection(part)
        return self.after(**changes) if changes else self

    def move(self, across: int, down: int) -> Self:
        """Move the selection through the network as drawn, column by column."""
        return self.after(selected=move_selection(self.network, self.selected, across, down))

    def next_sample(self) -> Self:
        """Show the round's next sample; after the last, what belongs to all of them."""
        return self.after(**self.find_next_sample())

    def switch_scale(self) -> Self:
        """Switch between a linear and a logarithmic loss scale."""
        return self.after(log_scale=not self.log_scale)

    def switch_torch(self) -> Self:
        """Switch between torch at NumPy's weights and torch's own run from the same start."""
        own_run = not self.own_run
        return self.after(own_run=own_run, notice=describe_torch(self.torch.state, own_run))

    def switch_form(self) -> Self:
        """Show derivations in the next of ``FORMS``, and after the last in the first."""
        form = find_next_form(self.form)
        return self.after(form=form, notice=f"derivations: {FORMS[form]}")

    def more_digits(self) -> Self:
        """Show one significant digit more."""
        return self.show_digits(self.digits + 1)

    def fewer_digits(self) -> Self:
        """Show one significant digit less."""
        return self.show_digits(self.digits - 1)

    def show_digits(self, digits: int) -> Self:
        """Show numbers with so many significant digits, if that is possible."""
        return self.after(digits=min(max(digits, DIGITS[0]), DIGITS[1]), notice=describe_digits(digits))
