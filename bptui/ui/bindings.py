"""Key bindings of the stepper and of every screen: action, word for the footer, line for help and manual.

An action ``intend('next')`` calls the session's method of that name, ``open('check')`` opens the screen of that name in
``bptui.ui.screens.screen_table``; the others are the stepper's own.
"""

from dataclasses import replace

from textual.binding import Binding


def bind_key(
    keys: str, action: str, name: str, description: str, tooltip: str, *, show: bool = False, display: str | None = None
) -> Binding:
    """Return a binding with its words for the footer, help and manual."""
    return Binding(keys, action, description, tooltip=tooltip, show=show, key_display=display, id=name)


def _intent(
    keys: str, method: str, description: str, tooltip: str, *, show: bool = False, display: str | None = None
) -> Binding:
    name = method.replace("_", "-")
    return bind_key(keys, f"intend('{method}')", name, description, tooltip, show=show, display=display)


def _opens(
    keys: str, screen: str, name: str, description: str, tooltip: str, *, show: bool = False, display: str | None = None
) -> Binding:
    return bind_key(keys, f"open('{screen}')", name, description, tooltip, show=show, display=display)


def bind_enter(description: str, tooltip: str, name: str, action: str = "submit") -> Binding:
    """Return the binding of enter in a field or a list, with its word for the footer."""
    return bind_key("enter", action, name, description, tooltip, show=True, display="⏎")


# Where a text field takes the question mark, only f1 is left, and the footer shows that
HELP_BINDING = bind_key(
    "question_mark,f1", "app.help", "help", "Help", "show all keys, and what this screen means", show=True
)
SHORT_WORDS = {
    "open('number')": "Num",
    "open('settings')": "Set",
    "open('compare')": "Runs",
    "open('practice')": "Try",
    "open('derivation')": "Why",
    "open('lessons')": "Lesson",
    "app.help": "more",
}
"""Words for a footer without room for all: the action, and what stands for its description, the first to be shortened
first; help is shortened wherever any key is shortened or missing."""
RUNNING_WORDS = {"intend('run_or_pause')": "Pause"}
"""Words for the footer while rounds advance by themselves: the action, and what stands for its description."""
CANCEL_BINDING = bind_key(
    "escape", "dismiss(None)", "cancel", "Cancel", "close without changes", show=True, display="esc"
)

APP_BINDINGS: list[Binding] = [
    replace(key, priority=True)
    for key in (
        bind_key(
            "ctrl+q",
            "quit",
            "quit",
            "Quit",
            "quit bptui; with unsaved runs, press it twice",
            show=True,
            display="^q",
        ),
        bind_key("ctrl+l", "redraw", "redraw", "Redraw", "redraw the screen"),
        bind_key("ctrl+y", "copy", "copy", "Copy", "copy a panel or the visible screen as plain text"),
        bind_key("ctrl+g", "picture", "screenshot", "Screenshot", "save a picture of the screen as an SVG file"),
        bind_key("ctrl+p", "command_palette", "palette", "Commands", "find any command, lesson or setting by name"),
    )
]

STEPPER_BINDINGS: list[Binding] = [
    _intent("space,n", "next", "Next", "show the next round", show=True, display="space"),
    _intent("b", "back", "Back", "show the previous round"),
    _intent("r", "run_or_pause", "Play", "play the rounds up to the last one, or pause", show=True),
    _intent("escape", "stop", "Stop", "stop playing, or going to a distant round"),
    _intent("full_stop", "step_on", "Step", "do the next step of this round", show=True, display="."),
    _intent("comma", "step_back", "Step back", "go back one step in this round", display=","),
    _intent("less_than_sign", "to_start", "Clear round", "clear this round, to calculate it step by step", display="<"),
    _intent(
        "greater_than_sign",
        "to_end",
        "Finish round",
        "finish this round: calculate the rest of it",
        display=">",
    ),
    _intent("f", "switch_single", "Finer steps", "step by single quantities, or by phases again"),
    _opens("g", "go_to", "go-to", "Go to", "go to any round"),
    _opens(
        "enter",
        "derivation",
        "derivation",
        "Derive",
        "derive the selected part in full, factor by factor",
        show=True,
        display="⏎",
    ),
    _opens("x", "practice", "practice", "Practice", "calculate this round yourself and have it checked", show=True),
    _opens(
        "c", "check", "check", "Check", "check this lesson's printed values, and find out why any differ", show=True
    ),
    _opens(
        "f8", "printed", "printed", "Printed values", "type or paste the printed values of this round, and check them"
    ),
    _opens("m", "number", "number", "My number", "check a number from your paper, and find the mistake", show=True),
    _opens(
        "a",
        "compare",
        "compare",
        "Compare",
        "overlay all runs of this session, and the lesson's variants",
        show=True,
    ),
    _opens("w", "sweep", "sweep", "Sweep", "train many runs at once: vary settings, use random starts"),
    _opens("s", "settings", "settings", "Settings", "change the network, the data and the training", show=True),
    _opens("ctrl+n", "exercise", "exercise", "My exercise", "type in your own exercise, cell by cell"),
    _opens("l", "lessons", "lessons", "Lessons", "open another lesson", show=True),
    _opens("h", "report", "report", "Report", "write a report on this session's runs: page, pictures, all numbers"),
    _opens("ctrl+s", "save", "save", "Save", "save the session with all its runs"),
    _opens(
        "f4", "save_lesson", "save-lesson", "Save lesson", "save this problem and its printed values as a lesson file"
    ),
    _opens("ctrl+o", "open_file", "open", "Open", "open a saved session or a lesson file"),
    _opens("d", "boundary", "boundary", "Boundary", "draw each output over the plane of two inputs, with its boundary"),
    _opens("P", "pictures", "pictures", "Picture", "plot the selected part: f and f′, E against it, its history"),
    _opens("p", "programs", "programs", "Programs", "show this run as programs in NumPy and PyTorch"),
    HELP_BINDING,
    bind_key("q", "notify_quit", "quit-key", "How to quit", "show which key quits"),
    bind_key(
        "z",
        "app.presenter",
        "presenter",
        "Presenter",
        "show less, but larger, with the keys you press: for a projector",
    ),
    _intent("plus,equals_sign", "faster", "Faster", "play more rounds per second", display="+"),
    _intent("minus", "slower", "Slower", "play fewer rounds per second", display="-"),
    _intent("home", "first", "First round", "show round 1"),
    _intent("end", "last", "Last round", "show the lesson's last round"),
    bind_key("up,k", "move(0, -1)", "up", "Up", "move the selection up"),
    bind_key("down,j", "move(0, 1)", "down", "Down", "move the selection down"),
    bind_key("left", "move(-1, 0)", "left", "Left", "move the selection left"),
    bind_key("right", "move(1, 0)", "right", "Right", "move the selection right"),
    bind_key("t", "restart_torch", "restart-torch", "Restart torch", "load torch again if it is missing or has failed"),
    _intent("o", "other_run", "Other run", "show the earlier runs of this session, one after another"),
    _opens("f2", "rename", "rename", "Rename", "rename the run shown"),
    _intent("u,ctrl+z", "undo", "Undo", "undo the last change to the runs: settings, lesson, removal, name"),
    _intent("right_square_bracket", "more_digits", "More digits", "show one more digit (at most 17)", display="]"),
    _intent("left_square_bracket", "fewer_digits", "Fewer digits", "show one digit fewer (at least 3)", display="["),
    _intent("y", "switch_torch", "Torch's run", "show torch at NumPy's weights, or its own run from the same start"),
    _intent("v", "next_sample", "Sample", "show the next sample; after the last one, all of them"),
    _intent("i", "switch_form", "Form", "show derivations in letters, in matrices or as a computation graph"),
    _intent("e", "switch_scale", "Loss scale", "switch the loss axis between linear and logarithmic"),
]
