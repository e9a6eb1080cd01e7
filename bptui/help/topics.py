"""Help texts as rows: a few topics for each screen, and the ideas of the subject, which every screen's help has.

A key is written as its binding's name in braces, because keys can be remapped. Formulas are named by the phases they
belong to, and are printed from those that ran (``bptui.help.pages``); only formulas that no round calculates are
written here.
"""

from bptui.record import record


@record
class Topic:
    """A page of help.

    Attributes:
        name: Its name in the list of contents.
        paragraphs: What it means, one string per paragraph.
        reading_hint: What to look for, or how to read it, in one line.
        phases: The phases of a round whose general formulas belong to it.
        has_chains: Whether the chain rules of the weights' gradients belong to it.
        formulas: Formulas that no round calculates.
        said: The name of a row in ``bptui.help.pages`` that adds a paragraph on the problem on screen.
    """

    name: str
    paragraphs: tuple[str, ...]
    reading_hint: str = ""
    phases: tuple[str, ...] = ()
    has_chains: bool = False
    formulas: tuple[str, ...] = ()
    said: str = ""


FORWARD = ("forward hidden", "forward output")
GRADIENTS = ("output gradients", "hidden gradients")

SUBJECT_TOPICS = (
    Topic(
        "a round",
        (
            "One forward pass, one backward pass, one update: that is a round, and training is nothing but rounds. "
            "With the chain rule, every number of a round is calculated from the weights that the round starts with; "
            "only the update at its end changes them.",
        ),
        "The next round does the same with the changed weights.",
    ),
    Topic(
        "forward pass",
        (
            "Every neuron adds up what arrives: each value times the weight it came along, plus the neuron's bias if "
            "it has one. Then its activation bends the sum. Without that bend (identity), two layers could do no more "
            "than one with biases.",
        ),
        "It runs from left to right, and no target plays a part in it.",
        FORWARD,
    ),
    Topic(
        "loss",
        (
            "One number rates all outputs together against their targets: the smaller, the better. Training is meant "
            "to make it smaller. The whole backward pass asks one question of every number: if it changed a little, "
            "how would the loss change?",
        ),
        "In a squared error, the output furthest from its target has the largest part; in a cross entropy, not always.",
        ("loss",),
        said="loss",
    ),
    Topic(
        "gradient",
        (
            "A weight's gradient ∂E/∂w is a slope: how fast the loss rises as the weight grows, with all other weights "
            "held still. Its sign says which way is uphill, its size how steep it is.",
        ),
        "At ∂E/∂w = 0.2, raising the weight by 0.001 raises the loss by about 0.0002.",
        formulas=("∂E/∂w ≈ (E(w + ε) − E(w − ε))/(2·ε)",),
    ),
    Topic(
        "chain rule",
        (
            "The loss depends on the output, the output on its weighted input, and the weighted input on the weight. "
            "So the slope from one end to the other is the product of the slopes in between. Where several paths lead "
            "there, their products are added up.",
        ),
        "Each factor looks only one step back, and is easy by itself.",
        has_chains=True,
    ),
    Topic(
        "delta",
        (
            "A neuron's delta is how fast the loss rises with its weighted input: δ = ∂E/∂in. All weights into the "
            "neuron share it, so it is calculated once, and the layer before uses it again. That is what makes "
            "backpropagation cheap.",
        ),
        "With the chain rule, a hidden δ adds up the deltas of the next layer, each times the weight to it; the sum is "
        "multiplied by the neuron's own slope.",
        ("output deltas", "hidden deltas"),
        said="rule",
    ),
    Topic(
        "backward pass",
        (
            "It goes from the outputs back: first the deltas of a layer, then the gradients of the weights into it, "
            "then the layer before. Once the deltas are known, a weight's gradient is a single product for each "
            "sample: the delta where the weight leads, times the value that travels along it.",
        ),
        "A source of 0 sends nothing along its weights: in that sample their gradients are 0.",
        GRADIENTS,
    ),
    Topic(
        "update",
        (
            "In plain gradient descent, each weight moves against its gradient, by η times the gradient. A positive "
            "gradient makes the weight smaller, a negative one makes it larger. Biases do the same, unless they are "
            "frozen.",
        ),
        "With the chain rule, all parameters move at once, each by its own slope at the start of the round.",
        ("optimiser state", "update"),
        said="update",
    ),
    Topic(
        "why it falls",
        (
            "Seen from close up, the loss is a straight slope. Moving a weight by −η·∂E/∂w changes the loss by about "
            "−η times the square of that gradient, and a square is never negative. So the loss goes down unless all "
            "gradients are 0, and fastest where it is steepest.",
            "This holds for true gradients and a small η. If η is too large, a step can jump across the valley, and "
            "the loss rises.",
        ),
        "With the chain rule, a loss that rises from round to round calls for a smaller η.",
        formulas=("new E ≈ E − η·Σ (∂E/∂w)²",),
    ),
    Topic(
        "softmax",
        (
            "Softmax turns the weighted inputs of all outputs into probabilities: exp of each over the sum of all. So "
            "each of them changes every output, and a delta is a sum over all outputs. With categorical cross entropy "
            "nearly all of it cancels: δ is the output times the sum of the targets, minus its target; if the targets "
            "sum to 1, output minus target (p − y).",
            "The loss called cross entropy takes logits and contains softmax: with softmax outputs it would be applied "
            "twice.",
        ),
        "p − y needs both: with a squared error, the derivatives of softmax stay in the delta.",
        formulas=("∂o1/∂in_o1 = o1·(1 − o1)", "∂o1/∂in_o2 = −o1·o2", "δ_o1 = o1·(y1 + y2 + …) − y1"),
    ),
    Topic(
        "floor of the loss",
        (
            "The lowest possible loss: the activations of the outputs let no weights get below it. A "
            "sigmoid stays above 0, so it cannot reach a target of −0.07, and what is missing stays in the loss. With "
            "some targets, a cross entropy has no floor.",
            "Not every network gets down to its floor. For XOR it is 0, but a sigmoid without a hidden layer never "
            "comes near it.",
        ),
        "A loss at its floor has finished. One that stops above it is stuck, slow, or as low as this network gets.",
    ),
    Topic(
        "gradient check",
        (
            "The same slope at the same weights in two independent ways: by the formula, and by torch's autograd. "
            "Without torch, a finite difference takes its place: the weight is tried a little larger and a little "
            "smaller. If both ways agree, the formula is right at these weights; elsewhere it may still be wrong, so "
            "go on to other rounds. If they differ by more than rounding can explain, the formula is wrong.",
        ),
        "agrees: the same digits. ≈ agrees: the same up to rounding. disagrees: more than rounding explains. A dot: "
        "not known (yet).",
        formulas=("∂E/∂w ≈ (E(w + ε) − E(w − ε))/(2·ε)",),
    ),
)
