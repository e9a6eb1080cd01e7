"""Help topics of every screen and dialog, by the name of its file.

See ``bptui.help.topics`` for how a row is written.
"""

from bptui.help.dialogs import DIALOG_TOPICS
from bptui.help.stepper import STEPPER_TOPICS
from bptui.help.topics import Topic

SCREEN_TOPICS: dict[str, tuple[Topic, ...]] = {
    "stepper": STEPPER_TOPICS,
    "derivation": (
        Topic(
            "derivation",
            (
                "Where one number comes from: the general formula, the formula for this part, the same with this "
                "round's numbers, and the result with all its digits. For a gradient or a delta the chain rule "
                "follows, multiplied out path by path. {derivation-form} shows the matrices instead, with their shapes "
                "and the selected entries marked, then the computation graph.",
                "≠ marks a result that the chain rule does not give, ≈ one that is equal only up to rounding. Between "
                "matrices, · is the matrix product and ⊙ the product entry by entry; ᵀ transposes a matrix. Σ_s adds "
                "up over the samples, Σ_n over the neurons of a layer, Σ over all entries.",
            ),
            "Put the printed numbers into a calculator: it gives the first digits of the result, up to rounding.",
        ),
        Topic(
            "built from",
            (
                "Everything the formula is made of. {go-into} opens the line under the cursor, level by level, and "
                "{leave} goes back the same way.",
            ),
            "You are at the bottom when only given numbers are left, such as inputs, targets, weights, biases and η.",
        ),
        Topic(
            "computation graph",
            (
                "The way from E down to this number. local is the derivative of the node above with respect to "
                "this one; arrives is the derivative of E with respect to this one: what arrives above times local, "
                "added up over all nodes above.",
            ),
            "On the way down, each step multiplies by a local derivative, and paths that meet are added up.",
        ),
    ),
    "practice": (
        Topic(
            "practice",
            (
                "The numbers of this round are hidden: you calculate them. Type a number, a fraction such as 3/4, or a "
                "formula such as 1 - 0.2*x1, and {answer} checks it. {hint}, or a typed ?, shows first the formula, "
                "then the formula with its numbers, then the value.",
            ),
            "Give at least three significant digits, unless the number has fewer. Every digit you type is checked.",
        ),
        Topic(
            "marks",
            (
                "✓ right on the first try. (✓) right after a hint or a wrong answer. = revealed. ✗ wrong. ≈ nearly "
                "right: too few digits, or rounded too early. → right method, but it uses an earlier wrong "
                "value of yours.",
                "A wrong answer is compared with known mistakes: a sign, a decimal point, another rule or loss.",
            ),
            "At →, put the earlier value right first.",
        ),
    ),
    "check": (
        Topic(
            "printed values",
            (
                "The values printed for this lesson, each beside the recomputed one, in the same precision, and "
                "compared digit by digit. {show} goes to the round of the value under the cursor.",
                "{edit} takes your own values, typed or pasted, whole lists of them. {filter} keeps the rows that "
                "contain your words, such as w1, round 2 or differs. {save-lesson} saves the problem with all its "
                "printed values.",
            ),
            "Begin at the first ✗: the mistake is there, or in a number before it that is not printed. Later values "
            "may still have a ✓.",
        ),
        Topic(
            "why they differ",
            (
                "{why} first lists the values that do not follow from the numbers before them, each with its formula "
                "and the printed numbers in it. Then it searches known mistakes, conventions and other settings for "
                "those that reproduce these values and make no other value wrong. If a search stops by itself, {why} "
                "continues it.",
            ),
            "The more values a change corrects, and the more of their digits, the less likely it is a coincidence.",
        ),
    ),
    "printed_values": (
        Topic(
            "typed values",
            (
                "Type or paste the printed values of one round: dE_dw1 = 0.0004, w1+ = 0.149, E: 0.298, one or more "
                "per line; or an array as a program prints it, dE_dW1 = [[0.1 0.2] [0.3 0.4]]. Names from books work "
                "too: ∂E/∂w1, grad w1, δ_o1, net_h1, out_h1, w1_new. Each is checked at once, beside its line.",
                "A weight's own name means its value after the update, unless it has the value that the round starts "
                "with: that is given, and not checked. A line without a number is a heading; # begins a comment.",
                "{keep-values} makes these the printed values of the round, in place of the old ones; other rounds "
                "keep theirs. {leave} closes without them; press it twice if you have typed something.",
            ),
            "Give the digits exactly as printed: each of them is compared.",
        ),
    ),
    "number": (
        Topic(
            "my number",
            (
                "Type a number as it is on your paper (0,0415 and 1.2·10⁻³ work too), and {number-compare} says "
                "whether it is right for this round. If it is not, a search looks for the mistake that gives it; "
                "{number-run} shows that mistake as a run of its own, if settings can make it.",
            ),
            "Give all the digits you have: each of them makes a coincidence about ten times less likely.",
        ),
    ),
    "compare": (
        Topic(
            "curves",
            (
                "The losses of all runs of this session in one plot, each with its letter. {compare-loss-axis} and "
                "{compare-round-axis} make an axis logarithmic, or linear again. {compare-zoom} and "
                "{compare-zoom-out} zoom, {compare-all} shows all rounds.",
                "{compare-rename} gives the run under the cursor a name of its own, {compare-remove} removes it from "
                "the session, and {compare-undo} brings it back.",
            ),
            "The run that falls fastest need not end lowest: look at the right edge, then at the left.",
        ),
        Topic(
            "in words",
            (
                "A summary of the run under the cursor: how far it came and when, its lowest possible loss (floor), "
                "and whether precision made a difference.",
            ),
            "The distance from the floor says whether a run is done. Stuck and slow look alike until you train longer.",
        ),
        Topic(
            "table",
            (
                "One row per run. First come the settings that differ among comparable problems, those with the same "
                "data and loss; several groups of them are numbered. Then the half squared error at the start of some "
                "rounds, whatever the run was trained on. Then the lowest possible loss (floor), with a * if it is of "
                "the run's own loss, and the round in which the run first came within 10 % and 1 % of it. Where the "
                "floor is 0 or negligible, that is 10 % and 1 % of the first loss.",
                "{compare-measure} switches the curves between this error and each run's own loss. {compare-variants} "
                "adds the lesson's variants.",
            ),
            "{compare-open} shows a run in the stepper.",
        ),
    ),
    "sweep": (
        Topic(
            "sweep",
            (
                "One run proves little: another start, or another learning rate, may end elsewhere. A sweep makes very "
                "many runs: every combination of the values you vary, each from as many random starts as you ask for.",
                "vary takes settings and their values, such as step=0.1,1,10 loss=cross entropy.",
            ),
            "One start is an anecdote; a thousand are a distribution.",
        ),
        Topic(
            "results",
            (
                "One row per combination: how its runs ended, and how their final losses are spread; if there are "
                "enough of them, with a histogram. Below it are the best and the worst run, and one run of each "
                "ending. {open-run} opens the one under the cursor, the field open seed any other.",
            ),
            "Two humps may be two kinds of ending: some starts reach the lowest possible loss, others a plateau.",
        ),
    ),
    "boundary": (
        Topic(
            "boundary",
            (
                "Each output over the plane of the two inputs: x1 to the right, x2 up, the value as a colour. It is "
                "drawn with the weights that the round starts from, so at a sample it is what the forward pass gives. "
                "{next}, {back} and {run-or-pause} go through the rounds, and the picture follows.",
                "If an output's targets take two values (and with a softmax, each sample's sum to 1), a line "
                "marks the values halfway between them. Values below it are blue, or a thin shade; those above it "
                "orange, or a thick one; beyond a target the colour stays the same. Otherwise the scale goes from the "
                "lowest value of the picture to the highest. With cross entropy you see the softmax: the targets are "
                "compared with that.",
            ),
            "Without a hidden layer, the line of a sigmoid is straight, and no straight line separates XOR's samples.",
        ),
        Topic(
            "samples",
            (
                "● is a sample with the higher target, or any sample if there is no line; ○ is one with the lower "
                "target, + several in one place. The number is the sample's; the sample shown in the stepper stands "
                "out. {next-sample} goes to the next.",
                "The sentence below counts the samples whose output is on its target's side of the line.",
            ),
            "All on their sides is not the end: an output can be on its side and still far from its target.",
        ),
    ),
    "pictures": (
        Topic(
            "pictures",
            (
                "The selected part, drawn. For a neuron: its activation f with the derivative f′, and where the neuron "
                "is on both. For a weight or a bias: the loss E over it, all others held fixed, with a straight line "
                "that has the gradient as its slope. For each of them, and for E: its numbers over the rounds so far. "
                "{next-picture} goes to the next picture; {up} and {down} select another part.",
                "● is the round shown. ○ is where the update moves the weight; on an activation, it is another sample. "
                "{picture-zoom} and {picture-zoom-out} make the axis of a weight narrower and wider: seen from close "
                "up, every smooth curve lies on its straight line.",
            ),
            "A large learning rate moves ○ so far that the curve has left the line there: then E may even rise.",
        ),
    ),
    "programs": (
        Topic(
            "programs",
            (
                "This run as short programs that run on their own. In NumPy every formula is written out, one "
                "line per number or one line per matrix. In PyTorch there is only the forward pass; autograd does the "
                "rest. Two are shown side by side where there is room; {switch} shows another. {programs-save} saves "
                "all three.",
            ),
            "The whole backward pass in NumPy is one call to backward() in PyTorch.",
        ),
    ),
    **DIALOG_TOPICS,
}
