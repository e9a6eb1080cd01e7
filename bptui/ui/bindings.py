"""Key bindings of the stepper and of every screen: action, word for the footer, line for help and README.

An action ``intend('next')`` calls the session's method of that name, ``open('check')`` opens the screen of that name in
``bptui.ui.screens.screen_table``; the others are the stepper's own.
"""

from dataclasses import replace

from textual.binding import Binding


def bind_key(
    keys: str, action: str, name: str, description: str, tooltip: str, *, show: bool = False, display: str | None = None
) -> Binding:
    """Return a binding with its words for the footer, help and README."""
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
    "question_mark,f1", "app.help", "help", "Help", "all keys, and what the screen means", show=True
)
SHORT_WORDS = {
    "open('number')": "Mine",
    "open('settings')": "Set",
    "open('compare')": "Runs",
    "open('practice')": "Try",
    "open('derivation')": "Why",
    "app.help": "more",
}
"""Words for a footer without room for all: the action, and what stands for its description, the first to be shortened
first; help is shortened wherever any key is shortened or missing."""
CANCEL_BINDING = bind_key("escape", "dismiss(None)", "cancel", "Cancel", "change nothing", show=True, display="esc")

APP_BINDINGS: list[Binding] = [
    replace(key, priority=True)
    for key in (
        bind_key(
            "ctrl+q",
            "quit",
            "quit",
            "Quit",
            "leave the program; unsaved runs at a second press",
            show=True,
            display="^q",
        ),
        bind_key("ctrl+l", "redraw", "redraw", "Redraw", "paint the whole screen anew"),
        bind_key("ctrl+y", "copy", "copy", "Copy", "copy a panel, or all that is shown, as plain text"),
        bind_key("ctrl+g", "picture", "screenshot", "Screenshot", "save a picture of the screen as SVG"),
        bind_key("ctrl+p", "command_palette", "palette", "Commands", "find any command, lesson or setting by its name"),
    )
]

STEPPER_BINDINGS: list[Binding] = [
    _intent("space,n", "next", "Next", "one round on", show=True, display="space"),
    _intent("b", "back", "Back", "one round back"),
    _intent("r", "run_or_pause", "Run", "run to the last round, or pause", show=True),
    _intent("escape", "stop", "Stop", "stop running, or going to a far round"),
    _intent("full_stop", "step_on", "Step", "one step on inside the round", show=True, display="."),
    _intent("comma", "step_back", "Step back", "one step back inside the round", display=","),
    _intent("less_than_sign", "to_start", "Blank round", "back to a round not yet calculated", display="<"),
    _intent("greater_than_sign", "to_end", "Whole round", "on to the round all calculated", display=">"),
    _intent("f", "switch_single", "Finer steps", "steps of single quantities, or of phases again"),
    _opens("g", "go_to", "go-to", "Go to", "show any round"),
    _opens(
        "enter",
        "derivation",
        "derivation",
        "Derive",
        "derive the selected part in full, factor by factor",
        show=True,
        display="⏎",
    ),
    _opens("x", "practice", "practice", "Practice", "calculate this round yourself, and have it checked", show=True),
    _opens("c", "check", "check", "Check", "the printed values of this lesson, and why one is wrong", show=True),
    _opens("f8", "printed", "printed", "Printed values", "type or paste what was printed for this round, and check it"),
    _opens("m", "number", "number", "My number", "is the number on your paper right, and what gives it", show=True),
    _opens(
        "a",
        "compare",
        "compare",
        "Compare",
        "all runs of this session over each other, and a lesson's variants",
        show=True,
    ),
    _opens("w", "sweep", "sweep", "Sweep", "very many trainings at once: settings varied, random starts"),
    _opens("s", "settings", "settings", "Settings", "change the network, data and training", show=True),
    _opens("ctrl+n", "exercise", "exercise", "My exercise", "type in an exercise of your own, cell by cell"),
    _opens("l", "lessons", "lessons", "Lessons", "open another lesson", show=True),
    _opens("h", "report", "report", "Hand-in", "write a report of this session's runs: a page, pictures, all numbers"),
    _opens("ctrl+s", "save", "save", "Save", "save all runs of this session in a file"),
    _opens("f4", "save_lesson", "save-lesson", "Save lesson", "save this problem and its printed values as a lesson"),
    _opens("ctrl+o", "open_file", "open", "Open", "open a saved session, or a lesson from a file"),
    _opens("d", "boundary", "boundary", "Boundary", "each output over the plane of two inputs, with its boundary"),
    _opens("P", "pictures", "pictures", "Picture", "the selected part as pictures: f and f′, E over it, its rounds"),
    _opens("p", "programs", "programs", "Programs", "this training as programs, in NumPy and in PyTorch"),
    HELP_BINDING,
    bind_key("q", "notify_quit", "quit-key", "How to quit", "say which key quits"),
    bind_key("z", "app.presenter", "presenter", "Presenter", "less and larger, for a projector, with the keys pressed"),
    _intent("plus,equals_sign", "faster", "Faster", "run at more rounds a second", display="+"),
    _intent("minus", "slower", "Slower", "run at fewer rounds a second", display="-"),
    _intent("home", "first", "First round", "show round 1"),
    _intent("end", "last", "Last round", "show the lesson's last round"),
    bind_key("up,k", "move(0, -1)", "up", "Up", "move the selection up"),
    bind_key("down,j", "move(0, 1)", "down", "Down", "move the selection down"),
    bind_key("left", "move(-1, 0)", "left", "Left", "move the selection left"),
    bind_key("right", "move(1, 0)", "right", "Right", "move the selection right"),
    bind_key(
        "t", "restart_torch", "restart-torch", "Restart torch", "load torch again, if it is missing or has failed"
    ),
    _intent("o", "other_run", "Other run", "an earlier run of this session, each in turn"),
    _opens("f2", "rename", "rename", "Rename", "give the run shown a name of its own"),
    _intent("u,ctrl+z", "undo", "Undo", "undo what changed the runs: settings, a lesson, a removed run, a name"),
    _intent("right_square_bracket", "more_digits", "More digits", "numbers with a digit more, 17 at most", display="]"),
    _intent(
        "left_square_bracket", "fewer_digits", "Fewer digits", "numbers with a digit less, 3 at least", display="["
    ),
    _intent("y", "switch_torch", "Torch's run", "torch at NumPy's weights, or in its own run from the same start"),
    _intent("v", "next_sample", "Sample", "show the next of several samples, and after the last all of them"),
    _intent("i", "switch_form", "Form", "derivations in letters, in matrices, or as a computation graph"),
    _intent("e", "switch_scale", "Loss scale", "draw the loss linear or logarithmic"),
]
