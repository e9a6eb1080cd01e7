"""Help texts as rows: a few topics for each screen, and the ideas of the subject, which every screen's help has.

A key is written as its binding's name in braces, because keys can be remapped. Formulas are named by the phases they
belong to, and are printed from those that ran (``bptui.help.pages``); only formulas that no round calculates are
written here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
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
            "One forward pass, one backward pass, one update: that is a round, and training is nothing but rounds. By "
            "the chain rule all numbers of a round come from the weights it started with; only its last step changes "
            "them.",
        ),
        "In the next round the same inputs meet the changed weights.",
    ),
    Topic(
        "forward pass",
        (
            "Every neuron adds up what comes in, each value times the weight it came along, and its bias if it has "
            "one, and bends the sum by its activation. Without the bend (identity), two layers could do no more than "
            "one with biases.",
        ),
        "It runs from left to right, and no target plays a part in it.",
        FORWARD,
    ),
    Topic(
        "loss",
        (
            "One number that rates all outputs together by their targets, the smaller the better. Training is meant "
            "to make it smaller, and the whole backward pass asks one question: what would that number do if this one "
            "changed?",
        ),
        "In a squared error the output furthest from its target has the largest part, in a cross entropy not always.",
        ("loss",),
        said="loss",
    ),
    Topic(
        "gradient",
        (
            "A weight's gradient ∂E/∂w is a slope: how fast the loss rises as the weight grows, all others held still. "
            "Its sign says which way is uphill, its size how steep it is.",
        ),
        "At ∂E/∂w = 0.2, a weight larger by 0.001 makes the loss larger by about 0.0002.",
        formulas=("∂E/∂w ≈ (E(w + ε) − E(w − ε))/(2·ε)",),
    ),
    Topic(
        "chain rule",
        (
            "The loss follows the output, the output its weighted input, and that the weight. So the slope from one "
            "end to the other is the product of the slopes between; where several paths lead there, their products "
            "are added up.",
        ),
        "Each factor looks only one step back, and is easy by itself.",
        has_chains=True,
    ),
    Topic(
        "delta",
        (
            "A neuron's delta is how fast the loss rises with its weighted input, δ = ∂E/∂in. All weights into the "
            "neuron share it, so it is calculated once, and the layer before uses it again: that is what makes "
            "backpropagation cheap.",
        ),
        "By the chain rule a hidden δ adds up the deltas it feeds, each times the weight between, times its own slope.",
        ("output deltas", "hidden deltas"),
        said="rule",
    ),
    Topic(
        "backward pass",
        (
            "From the outputs back: first the deltas of a layer, then the gradients of the weights into it, then the "
            "layer before. With the deltas there, a weight's gradient is one product: the delta where it leads, times "
            "the value that travels along it.",
        ),
        "A source of 0 sends nothing along its weights: their gradients are 0.",
        GRADIENTS,
    ),
    Topic(
        "update",
        (
            "Each weight takes a step against its gradient, η times as long as the slope is steep. A positive gradient "
            "makes the weight smaller, a negative one makes it larger. Biases do the same, unless they are frozen.",
        ),
        "By the chain rule all move at once, each by its own slope at the start of the round.",
        ("optimiser state", "update"),
        said="update",
    ),
    Topic(
        "why it falls",
        (
            "Seen from near by, the loss is a slope that goes straight. A step of −η·∂E/∂w changes it by −η times the "
            "square of that gradient, and a square is never negative: so the loss goes down unless all gradients are "
            "0, fastest where it is steepest.",
            "That holds for the true gradients and for short steps. Too large an η can jump across the valley, and the "
            "loss rises.",
        ),
        "With the chain rule, a loss that rises from round to round asks for a smaller η.",
        formulas=("new E ≈ E − η·Σ (∂E/∂w)²",),
    ),
    Topic(
        "softmax",
        (
            "Softmax makes probabilities of all weighted inputs of the outputs: exp of each over the sum of all. So a "
            "delta is a sum over all outputs. With categorical cross entropy nearly all of it cancels: δ is the output "
            "times the sum of the targets, minus its target; where targets sum to 1, output minus target (p − y).",
            "The loss called cross entropy takes logits and has that softmax inside: with softmax outputs it would be "
            "applied twice.",
        ),
        "p − y belongs to this pair alone: with a squared error the derivatives of softmax stay in the delta.",
        formulas=("∂o1/∂in_o1 = o1·(1 − o1)", "∂o1/∂in_o2 = −o1·o2", "δ_o1 = o1·(y1 + y2 + …) − y1"),
    ),
    Topic(
        "loss floor",
        (
            "What no weights can get below, as far as the outputs' activations decide it. A sigmoid stays above 0, so "
            "a target of −0.07 is out of its reach, and what is missing stays in the loss. Not every network comes "
            "down to it: with inputs of 0 and no biases, no weight matters. Some losses have no floor.",
        ),
        "A loss at its floor is done; one that stands still above it is stuck, slow, or as low as this network gets.",
    ),
    Topic(
        "gradient check",
        (
            "The same slope in two ways that have nothing in common, at the same weights: by the formula, and by "
            "torch's autograd, or by trying it out with a weight a little larger and a little smaller. If both are "
            "equal, the formula gives the right number at these weights; elsewhere it may still be wrong, so go on to "
            "other rounds. If they differ by more than rounding can, the formula is wrong.",
        ),
        "≈ agrees: but for rounding. disagrees: another formula. · unknown: too few digits left, or no answer yet.",
        formulas=("∂E/∂w ≈ (E(w + ε) − E(w − ε))/(2·ε)",),
    ),
)
