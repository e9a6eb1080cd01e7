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
                "Where one number comes from: the general formula, the same for this very part, with this round's "
                "numbers put in, and every digit of the result. For a gradient or delta the chain rule stands below, "
                "multiplied out path by path. {derivation-form} shows the matrices instead, with their shapes and the "
                "selected entries marked, then the computation graph.",
                "Between matrices · is the matrix product and ⊙ the product entry by entry; ᵀ turns a matrix on its "
                "side. Σ_s adds up over the samples, Σ_n over the neurons of a layer, and Σ over all entries.",
            ),
            "Put the printed numbers into a calculator: it gives the result's first six digits, or the line says ≈.",
        ),
        Topic(
            "built from",
            (
                "Everything the formula is made of. {go-into} goes into the line under the cursor, as deep "
                "as there is anything below it, and {leave} comes back the same way.",
            ),
            "You are at the bottom where only given numbers are left: inputs, targets, weights, biases, η.",
        ),
        Topic(
            "computation graph",
            (
                "The way from E down to this number: the derivative of the number above by it (local), and of E by "
                "it (arrives), the sum of what arrives above times local.",
            ),
            "From E down, a step multiplies by a local derivative, and ways that meet add up.",
        ),
    ),
    "practice": (
        Topic(
            "practice",
            (
                "The numbers of this round are hidden, and you calculate them: type a number, a fraction such as "
                "3/4, or a formula such as 1 - 0.2*x1, and {answer} compares it. {hint}, or a ? that is typed, shows "
                "first the formula, then the numbers in it, then the value.",
            ),
            "Enter at least as many digits as it asks for; nothing is taken for right that is not.",
        ),
        Topic(
            "signs",
            (
                "✓ right at the first try, (✓) right later, = shown, ≈ right but too few digits, ✗ wrong. → means that "
                "you calculated rightly, with an earlier number that was wrong.",
                "A wrong answer is compared with the slips that others make: a sign, a decimal point, another rule.",
            ),
            "Where → stands, mend the earlier number first.",
        ),
    ),
    "check": (
        Topic(
            "printed values",
            (
                "The values printed for this lesson, each beside the recomputed one, in the same precision, and "
                "compared digit by digit. {show} goes to the round of the one under the cursor.",
                "{edit} takes your own, whole lists of them, and {filter} leaves those that have the words you type, "
                "such as w1, round 2 or differs. {save-lesson} saves the problem with all its printed values.",
            ),
            "Begin at the first ✗: something differs there, or before it unseen. What follows may still have its ✓.",
        ),
        Topic(
            "what was done",
            (
                "{why} says first which values do not follow from the numbers before them, each with its formula and "
                "the printed numbers put in. Then it searches known mistakes, conventions and other settings for what "
                "gives these values and makes no other wrong. A search that stopped by itself goes on with {why}.",
            ),
            "The more digits of the more values a change puts right, the less likely that is a coincidence.",
        ),
    ),
    "printed_values": (
        Topic(
            "typed values",
            (
                "Type or paste the printed values of one round: dE_dw1 = 0.0004, w1+ = 0.149, E: 0.298, several in a "
                "line or one; or an array as a program prints it, dE_dW1 = [[0.1 0.2] [0.3 0.4]]. Names may be those "
                "of a book: ∂E/∂w1, grad w1, δ_o1, net_h1, out_h1, w1_new. Each is checked beside its line at once.",
                "A weight's own name means its value after the update, unless it has the value that the round starts "
                "with: that is given, and nothing to check. A line without a number is a heading; # begins a comment.",
                "{keep-values} makes these the printed values of the round, in place of those it had; other rounds "
                "keep theirs. {leave} leaves without them, if you typed something at a second press.",
            ),
            "Give the digits as they stand there: each one typed is compared.",
        ),
    ),
    "number": (
        Topic(
            "my number",
            (
                "Type a number from your paper, as it stands there (0,0415 or 1.2·10⁻³, too), and {number-compare} "
                "says whether it is the one of this round. If it is not, a search looks for what was done instead; "
                "{number-run} shows a mistake that it finds as a run of its own.",
            ),
            "Give all the digits you have: with each, a coincidence is about ten times less likely.",
        ),
    ),
    "compare": (
        Topic(
            "curves",
            (
                "The losses of all runs of this session over each other, a letter each. {compare-loss-axis} "
                "and {compare-round-axis} make an axis logarithmic, or linear; {compare-zoom} and "
                "{compare-zoom-out} zoom, {compare-all} shows all.",
                "{compare-rename} gives the run under the cursor a name of its own, {compare-remove} takes it out of "
                "the session, and {compare-undo} brings it back.",
            ),
            "Who falls first need not end lowest: look at the right edge, then at the left.",
        ),
        Topic(
            "in words",
            (
                "What there is to say about the run under the cursor: how far it came and when, what its floor is, "
                "and whether precision made a difference.",
            ),
            "The distance from the floor says whether a run is done; stuck and slow look alike until you train longer.",
        ),
        Topic(
            "table",
            (
                "A row a run: the settings that differ among like problems, which are those with the same data and the "
                "same loss, and are numbered if there are several; its half squared error at the start of some rounds, "
                "whatever it was trained on; its floor, with a * where that is of its own loss, and "
                "in which round it came within 10 % and 1 % of it; if it is 0, of its own first loss. "
                "{compare-measure} measures the curves so too; {compare-variants} adds the lesson's variants.",
            ),
            "{compare-open} shows a run in the stepper.",
        ),
    ),
    "sweep": (
        Topic(
            "sweep",
            (
                "One training proves little: another start, or another step, may end elsewhere. Here very many "
                "are run, for every value of what you vary and from as many random starts as you say.",
                "vary takes settings and their values, such as step=0.1,1,10 loss=cross entropy.",
            ),
            "One start is an anecdote; a thousand are a distribution.",
        ),
        Topic(
            "results",
            (
                "A row a setting: how its runs ended, and how their last losses are spread; where there are enough of "
                "them, a histogram. Below it stand the best and the worst run, and one of each ending: {open-run} "
                "opens the one under the cursor, open seed any other.",
            ),
            "Two humps may be two kinds of ending: some starts find the floor, others a plateau.",
        ),
    ),
    "boundary": (
        Topic(
            "boundary",
            (
                "Each output over the plane of the two inputs: x1 to the right, x2 up, the value as a colour. The "
                "picture has the weights that the round starts from, so at a sample it is what the forward pass gives. "
                "{next}, {back} and {run-or-pause} go on from round to round, and the picture follows.",
                "Where the targets of an output take two values, the line is half way between them. Below it is blue, "
                "or a thin shade; above it orange, or a thick one; what lies beyond a target has its colour. Elsewhere "
                "there is no line, and the scale goes from the lowest value of the picture to the highest. With cross "
                "entropy the picture is of the softmax, as that is what the targets are compared with.",
            ),
            "Without a hidden layer the line of a sigmoid is straight, and no straight line parts the samples of XOR.",
        ),
        Topic(
            "samples",
            (
                "● is a sample with the higher target, ○ one with the lower, + several in one place; the number is the "
                "sample's, and the one that is shown in the stepper is set off. {next-sample} goes to the next. The "
                "sentence below counts the samples whose output is on its target's side of the line.",
            ),
            "All on their sides need not be the end: an output can be on its side and still far from its target.",
        ),
    ),
    "pictures": (
        Topic(
            "pictures",
            (
                "The selected part drawn: of a neuron its activation f with the derivative f′ and where the neuron is "
                "on both; of a weight or bias the loss E over it, all others held fixed, with a straight line that has "
                "the gradient as its slope; and of each their numbers over the rounds so far. {next-picture} goes to "
                "the next, {up} and {down} select another part.",
                "● is the round shown, ○ where the update moves the weight. {picture-zoom} and {picture-zoom-out} make "
                "that axis narrower and wider: near enough, every smooth curve lies on its straight line.",
            ),
            "A large learning rate moves ○ so far that the curve has left the line there: then E may even rise.",
        ),
    ),
    "programs": (
        Topic(
            "programs",
            (
                "This very training as short programs that run by themselves: every formula by hand in NumPy, a line a "
                "number or a line a matrix, and the forward pass alone in PyTorch, whose autograd does the rest. Each "
                "part stands beside its counterpart; {programs-save} saves all three.",
            ),
            "The whole backward pass on the left is one call of backward() on the right.",
        ),
    ),
    **DIALOG_TOPICS,
}
