"""Autosaves the stepper's session, and offers what an earlier program left unsaved.

All disk access is in threads, and no key waits for it. New runs are saved at once, a mere change of place every few
seconds, one save after the other. Leftovers are searched and opened meanwhile; they have files of their own, each
locked.
"""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from bptui.core.problem.tables import UserError
from bptui.persistence.unsaved import UnsavedFile, UnsavedStore
from bptui.session.session import Session
from bptui.system.reading import LessonError
from bptui.ui.widgets.dismiss_once import start_work

if TYPE_CHECKING:
    from bptui.ui.screens.stepper import StepperScreen

SAVE_INTERVAL = 5.0  # least seconds between two saves of a mere change of place
_REST_FACTOR = 20  # pause in multiples of a save's duration: many runs take long, and other threads need the processor
_POLL_INTERVAL = 0.1  # seconds between two checks whether the stepper is in front


class AutoSaver:
    """Autosaves what the stepper shows, and offers what was left.

    Args:
        stepper: The screen, once it is mounted.
        opened: The session it was opened on.
    """

    def __init__(self, stepper: "StepperScreen", opened: Session) -> None:
        self._stepper = stepper
        self._unsaved = UnsavedStore()
        self._latest = opened
        self._changed = False  # since the last save
        self._urgent = asyncio.Event()
        self._saving = False
        self._opened: UnsavedFile | None = None  # the leftover that is shown now, until its file is taken over
        self._reported = False
        stepper.watch(stepper, "session", self._note_session)

    def end(self, in_order: bool) -> None:
        """End with the program: save unsaved runs for the next start, or forget them if ``in_order``."""
        with suppress(UserError):
            if self._opened is not None:
                self._unsaved.adopt(self._opened)
            if in_order:
                self._unsaved.forget()
            else:
                self._unsaved.keep(self._latest)

    def _note_session(self, session: Session) -> None:
        """Note a new session."""
        before, self._latest = self._latest, session
        if session.trainings is not before.trainings or session.saved is not before.saved:
            self._urgent.set()
        elif not session.unsaved:
            return
        self._changed = True
        if not self._saving:
            self._saving = True
            start_work(self._stepper, self._save_latest, "keeping")

    async def _save_latest(self) -> None:
        """Save the latest session, until there is no newer one."""
        try:
            while self._changed:
                self._changed = False
                self._urgent.clear()
                began = monotonic()
                try:
                    if (opened := self._opened) is not None:
                        await asyncio.to_thread(self._unsaved.adopt, opened)
                        self._opened = None
                    await asyncio.to_thread(self._unsaved.keep, self._latest)
                except UserError as fault:
                    self._report_fault(str(fault))
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(SAVE_INTERVAL, _REST_FACTOR * (monotonic() - began))):
                        await self._urgent.wait()
        finally:
            self._saving = False

    def _report_fault(self, fault: str) -> None:
        """Report once that autosaving fails; saving by hand may still work."""
        if not self._reported:
            self._reported = True
            self._stepper.session = self._stepper.session.with_notice(
                f"autosaving failed, so a crash would lose unsaved runs: {fault}"
            )

    # Leftovers

    def offer(self) -> None:
        """Look for what was left, and offer it when the stepper is in front."""
        start_work(self._stepper, self._offer, "offering")

    async def _offer(self) -> None:
        left = await asyncio.to_thread(self._unsaved.claim_left)
        try:
            while left and await self._ask(left):
                pass
        finally:
            for kept in left:
                kept.release()

    async def _ask(self, left: list[UnsavedFile]) -> bool:
        """Offer the newest leftover, and remove it from the list unless it is to be offered again later.

        Returns:
            Whether to offer the next.
        """
        from bptui.ui.dialogs.unsaved import BrokenScreen, UnsavedScreen

        kept, app = left[0], self._stepper.app
        try:
            session = await asyncio.to_thread(kept.load)
        except LessonError as fault:
            left.remove(kept)
            faults = fault.without_source()  # the dialog shows the path once
            aside = await asyncio.to_thread(kept.put_aside)
            await self._wait_for_stepper()
            return await app.push_screen_wait(BrokenScreen(faults, aside))
        await self._wait_for_stepper()
        dialog = UnsavedScreen(session, kept.modified, len(left) - 1, self._stepper.session.unsaved)
        answer = await app.push_screen_wait(dialog)
        if answer == "open":
            left.remove(kept)
            self._opened = kept
            self._stepper.change_problem(session.spec, lambda now: now.replaced_by(session))
        elif answer == "discard":
            left.remove(kept)
            await self._discard(kept)
        return answer == "discard"

    async def _wait_for_stepper(self) -> None:
        """Wait until the stepper is in front: keys meant for another dialog must not answer this one."""
        while self._stepper.app.screen is not self._stepper:
            await asyncio.sleep(_POLL_INTERVAL)

    async def _discard(self, kept: UnsavedFile) -> None:
        try:
            await asyncio.to_thread(kept.remove)
        except UserError as fault:
            kept.release()
            self._stepper.session = self._stepper.session.with_notice(str(fault))
