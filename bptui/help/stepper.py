"""Help topics of the stepper: its panels, and what its keys are for."""

from bptui.help.topics import FORWARD, GRADIENTS, Topic

STEPPER_TOPICS = (
    Topic(
        "network",
        (
            "A line is a weight: solid where it is positive, broken by single dots where it is negative, dotted "
            "where it is 0, the thicker the larger. A box is a neuron and what it puts out; where there is room, with "
            "its weighted input, its δ, its bias b and its target y.",
        ),
        "What counts is a weight times what comes in along it: the thickest line carries nothing from a neuron at 0.",
        FORWARD,
    ),
    Topic(
        "forward",
        (
            "Weighted inputs, outputs and deltas δ of the neurons, in the order of the layers, with the targets; where "
            "there is room, torch's outputs at the same weights. Below stand the loss E and its floor.",
        ),
        "The backward pass begins with ∂E/∂o: by the chain rule, with half the squared error, output minus target.",
        (*FORWARD, "loss"),
    ),
    Topic(
        "gradients",
        (
            "For every weight, how fast the loss rises with it: by hand in NumPy, and by torch's autograd at the same "
            "weights. The column check says in words whether the two agree. |Δ| is their difference, small ones in "
            "units in the last place (3 ulp); ≠ marks one that rounding does not explain.",
        ),
        "Above 0, the weight goes down; below 0, it goes up. w after says where to.",
        (*GRADIENTS, "update"),
    ),
    Topic(
        "derivation",
        (
            "What the selected part is calculated from: the general formula, this very one, the same with this "
            "round's numbers, and the result with every digit. {derivation} shows it in full; a delta or gradient "
            "with the chain rule behind it. {switch-form} shows its matrix with all shapes, then its graph.",
        ),
        "Read downwards: letters for all, letters for this one, numbers, result.",
    ),
    Topic(
        "loss curve",
        (
            "The loss of every round so far, the highest of each stretch; × marks a stretch without any finite loss, "
            "● or the lit column the round that is shown. Rounds are on a logarithmic axis: from 1 to 10 is as far as "
            "from 10 to 100. The dotted line is the lowest possible loss. {switch-scale} makes the axis of losses "
            "logarithmic, if all are above 0, or linear again. A click goes to a round.",
        ),
        "Where both axes are logarithmic, a straight fall is a power of the number of rounds; a plateau stands out.",
        ("loss",),
    ),
    Topic(
        "selection, numbers",
        (
            "The lowest line has the numbers of the selected part with every digit there is; inside a round, what the "
            "last step calculated there. Everywhere else as many digits are shown as {more-digits} and {fewer-digits} "
            "say, and a panel without room for all says so.",
            "What is selected or was just calculated stands out most, then NumPy's numbers; torch's, differences, and "
            "the weights before and after stand back.",
            "↑ or ↓ behind a number, or behind a neuron's name, says that it grew or fell since the round shown "
            "before, • that the last step inside the round calculated it.",
        ),
        "Arrows that turn over from round to round: the steps may be too long.",
    ),
    Topic(
        "large view",
        (
            "{presenter} shows less and larger, for a projector: network, derivation, and in large digits the round, "
            "the loss and the numbers of what is selected. The keys you press are shown, so that others can follow.",
        ),
        "{presenter} once more shows everything again.",
    ),
    Topic(
        "steps",
        (
            "{step-on} and {step-back} go through a round phase by phase: forward, loss, deltas and gradients of the "
            "outputs, then of each hidden layer, update. {switch-single} makes the steps single quantities.",
            "The upper line names what the step calculated, the lowest one has the formula of the selected part and "
            "its result. A dot stands for what is not calculated yet; what the last step went through is lit.",
        ),
        "{to-start} empties the round: guess each number before you let it come.",
    ),
    Topic(
        "printed values",
        (
            "Where the lesson has printed values for the round, a mark right behind a number says whether it is the "
            "printed one, digit by digit. {check} lists all of them and searches for what was done instead where one "
            "differs; {number} does the same for a number of yours.",
        ),
        "✓ it is (maybe but for the last digits: another order of operations), ✗ it is not, · not (yet) to be told.",
    ),
    Topic(
        "torch",
        (
            "A second opinion on every number: PyTorch computes the round at NumPy's weights, in float64, with "
            "gradients by autograd. So its numbers agree with NumPy's, or the rule is wrong.",
            "{switch-torch} shows torch's own run instead: the same network trained from the same start, in torch's "
            "own precision. Values that torch printed are compared with that.",
        ),
        "Two runs may part by rounding alone, and further with every round: so there is no check beside its own run.",
        said="torch",
    ),
)
