"""Help topics of the stepper: its panels, and what its keys are for."""

from bptui.help.topics import FORWARD, GRADIENTS, Topic

STEPPER_TOPICS = (
    Topic(
        "network",
        (
            "A line is a weight: solid if it is positive, dashed if it is negative, dotted if it is 0. The further the "
            "weight is from 0, the thicker its line; the selected one is thicker still. In a large network, only the "
            "lines of the selected part are drawn.",
            "A box is an input, or a neuron with its output; where there is room, also with its weighted input, its δ, "
            "its bias b and its target y.",
        ),
        "What counts is a weight times what comes along it: even the thickest line carries nothing from a neuron at 0.",
        FORWARD,
    ),
    Topic(
        "forward",
        (
            "The neurons, layer by layer: weighted input, output, delta δ and target; where there is room, also "
            "torch's outputs at the same weights. Below them are the loss E and the lowest possible loss (floor). With "
            "several samples, {next-sample} shows one of them, or all in a table.",
        ),
        "With the chain rule and half the squared error, the backward pass begins with output minus target, ∂E/∂o.",
        (*FORWARD, "loss"),
    ),
    Topic(
        "gradients",
        (
            "For every weight and bias, how fast the loss rises with it: by hand in NumPy, and by torch's autograd at "
            "the same weights. The column check says whether the two agree. |Δ| is their difference; a small one is "
            "counted in units in the last place (3 ulp). ≠ marks a difference that rounding does not explain.",
        ),
        "In plain gradient descent, a positive gradient moves the weight down, a negative one up: see w after.",
        (*GRADIENTS, "update"),
    ),
    Topic(
        "derivation",
        (
            "Where the selected part comes from: the general formula, the formula for this part, the same with this "
            "round's numbers, and the result with all its digits. {derivation} shows it in full, for a delta or a "
            "gradient with the chain rule multiplied out. {switch-form} shows matrices with their shapes instead, then "
            "the computation graph.",
        ),
        "Read it in this order: letters for all, letters for this one, numbers, result.",
    ),
    Topic(
        "loss curve",
        (
            "The loss of every round so far, the highest where several share a column. × marks rounds without a finite "
            "loss; ● or a highlighted column is the round shown. If rounds use different samples, the thicker curve is "
            "the mean of each pass over them. The dotted line across is the lowest possible loss.",
            "Rounds are on a logarithmic axis: from 1 to 10 is as far as from 10 to 100. {switch-scale} makes the axis "
            "of losses logarithmic, if all are above 0, or linear again. Click a round to go to it.",
        ),
        "If both axes are logarithmic, a straight fall is a power law in the number of rounds; a plateau stands out.",
        ("loss",),
    ),
    Topic(
        "selection, numbers",
        (
            "The lowest line has the numbers of the selected part with all their digits; inside a round, what the last "
            "step calculated there. {more-digits} and {fewer-digits} set how many digits tables and formulas show; a "
            "panel without room for all of them says so.",
            "What is selected or was just calculated stands out most, then NumPy's numbers. Torch's numbers, "
            "differences, and the weights before and after are fainter.",
            "↑ or ↓ after a number says that it grew or fell since the round shown before, • that the last step "
            "inside the round calculated it. After a neuron's name, the mark is for its output or, if that has none, "
            "for its weighted input or δ.",
        ),
        "If the arrows flip from round to round, the learning rate may be too large.",
    ),
    Topic(
        "large view",
        (
            "{presenter} shows less, but larger, for a projector: the network, the derivation, and in large digits the "
            "round, the loss and the numbers of the selected part. It also shows the keys you press, so that others "
            "can follow.",
        ),
        "Press {presenter} again to show everything.",
    ),
    Topic(
        "steps",
        (
            "{step-on} and {step-back} go through a round phase by phase: forward, loss, deltas and gradients of the "
            "outputs, then of each hidden layer, update. {switch-single} makes each step a single quantity.",
            "The top line names what the step calculated; the lowest one has the formula of the selected part and its "
            "result. A dot is a number that is not calculated yet. What the last step used or calculated is "
            "highlighted.",
        ),
        "{to-start} clears the round: guess each number before you reveal it.",
    ),
    Topic(
        "printed values",
        (
            "If the lesson has printed values for the round, a mark right after a number says whether the printed "
            "value matches it, digit by digit. {check} lists them all, and looks for the mistake behind those that "
            "differ; {number} does the same for a number of yours.",
        ),
        "✓ matches (perhaps not in the last digits, after another order of operations), ✗ differs, · is not "
        "known (yet).",
    ),
    Topic(
        "torch",
        (
            "An independent check: PyTorch calculates the round at NumPy's weights, in float64, with gradients by "
            "autograd. So its numbers agree with NumPy's up to rounding, or the gradient rule is wrong.",
            "{switch-torch} shows torch's own run instead: the same network, trained from the same start, in torch's "
            "own precision. Values printed by torch are compared with that run.",
        ),
        "Rounding alone can drive two runs apart, so there is no gradient check beside torch's own run.",
        said="torch",
    ),
)
