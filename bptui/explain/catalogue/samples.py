"""Several samples taken otherwise: their mean for their sum, another batch, updates within a round.

A program that takes samples otherwise may give each of them its own update; what a round starts from is then renamed in
the formulas of all samples but the first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bptui.core.formulas.backprop import list_update
from bptui.core.formulas.expr import Expr, Name, Number, product, substitute
from bptui.core.formulas.names import change, gradient, of_sample, split_sample, updated
from bptui.core.formulas.network import CHAIN_RULE, OVER_SAMPLES, Network
from bptui.core.formulas.optimisers import DESCENT
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.samples import combine_samples
from bptui.core.problem.kinds.setting_kinds import ALL, ONE_AT_A_TIME
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, Edits, Rewrite, Rewriting, kept
from bptui.explain.calculation.steps import list_steps

_WEIGHT = 1.5  # there are few of these, and many learning rates that may come to the same


def list_combinations(spec: Spec) -> Iterator[Change]:
    """Yield the mean over the samples of a round for their sum, the sum for the mean, and one of each."""
    if spec.batch_size == 1:
        return
    own, other, network = spec.over_samples, _find_other(spec.over_samples), spec.network
    taken = f"the {other} over the samples is taken instead of their {own}"
    yield Change("over samples", f"{other} over the samples", taken, (("over_samples", other),), weight=1)
    if spec.rounding != NONE:
        return
    slopes = tuple(map(gradient, network.parameters))
    about = f"the gradients are {other}s over the samples, but the loss is the {own}"
    yield _combine("over samples", f"gradients as {other} over the samples", about, slopes, weight=1)
    about = f"the loss is printed as the {other} over the samples, but the gradients are {own}s"
    yield _combine("over samples", f"loss as {other} over the samples", about, ("E",), weight=1, convention=True)
    name, reading = "slopes of a sample as its part", (("sample_factor", 1.0 / spec.batch_size),)
    if own == "mean":
        about = "each sample's own deltas and gradients are already divided by the number of samples"
        yield Change("over samples", name, about, reading=reading, weight=1, convention=True)
    else:
        about = f"{taken}, and each sample's own deltas and gradients are already divided by the number of samples"
        settings = (("over_samples", "mean"),)
        yield Change("over samples", f"mean, {name}", about, settings, reading, weight=1)
    yield from _list_overwritten(network, slopes)
    trained = tuple(gradient(p) for p in network.biases if not network.is_frozen(p))
    weights = tuple(gradient(weight.name) for weight in network.weights)
    for names, which, rest in ((trained, "biases", "weights"), (weights, "weights", "biases")) if trained else ():
        about = f"the gradients of the {which} are {other}s over the samples, but those of the {rest} are {own}s"
        yield _combine("over samples", f"{other} over the samples for {which} alone", about, names)


def _list_overwritten(network: Network, slopes: tuple[str, ...]) -> Iterator[Change]:
    """Yield gradients that each sample wrote in place of those before it, where they belong added up."""
    name = "gradients of the last sample alone"
    whose, how = "the gradients are those of the last sample alone", "each sample overwrites those before it"
    about = f"{whose}: {how}, instead of adding to them"
    yield Change("over samples", name, about, rewrite=Rewrite(_take_last, ("whole", *slopes), by_torch=True))
    if network.over_samples == "mean":
        about = f"{whose}, divided by the number of samples: {how}, instead of adding to them"
        rewrite = Rewrite(_take_last, ("part", *slopes), by_torch=True)
        yield Change("over samples", f"{name}, divided", about, rewrite=rewrite)


def _take_last(network: Network, names: tuple[str, ...]) -> Rewriting:
    part, *slopes = names
    share = 1.0 / len(network.samples) if part == "part" else 1.0
    return Rewriting({s: product(Number(share), Name(of_sample(s, network.samples[-1]))) for s in slopes})


def _find_other(over_samples: str) -> str:
    return OVER_SAMPLES[1 - OVER_SAMPLES.index(over_samples)]


def _combine(
    kind: str, name: str, about: str, names: tuple[str, ...], weight: float = 2, convention: bool = False
) -> Change:
    rewrite = Rewrite(_combine_otherwise, names, by_torch=True)
    return Change(kind, name, about, rewrite=rewrite, weight=weight, convention=convention)


def _combine_otherwise(network: Network, names: tuple[str, ...]) -> Rewriting:
    other = replace(network, over_samples=_find_other(network.over_samples))
    return Rewriting({name: combine_samples(other, name) for name in names})


def list_batches(spec: Spec) -> Iterator[Change]:
    """Yield other batches, updates after each sample, and weights that are as old as the pass over the samples."""
    count, size = len(spec.inputs), spec.batch_size
    if count == 1:
        return
    if size > 1:
        about = "each round uses one sample, the next round the next one"
        yield Change("batch", "one sample a round", about, (("batch", ONE_AT_A_TIME),), weight=_WEIGHT)
    if size < count:
        for over in dict.fromkeys((spec.over_samples, *OVER_SAMPLES)):
            about = f"each round uses all samples and takes the {over} over them"
            yield Change(
                "batch", f"all samples a round, {over}", about, (("batch", ALL), ("over_samples", over)), weight=_WEIGHT
            )
    if spec.rounding != NONE or spec.gradient != CHAIN_RULE:
        return
    if size > 1:
        yield from _list_updates_within(spec)
    if size < count and count % size == 0:
        about = "all rounds of a pass over the samples use the weights from the start of the pass"
        rewrite = Rewrite(_use_old_weights, by_torch=True)
        yield Change("batch", "weights of the pass's start", about, rewrite=rewrite, weight=_WEIGHT)
    network = spec.network
    if size == count and network.biases and spec.optimiser == DESCENT and spec.bias_update == "per neuron":
        about = "each sample has its own biases: they are updated by a matrix with a row for each sample"
        yield Change("batch", "a bias for each sample", about, rewrite=Rewrite(_keep_bias_by_sample), weight=_WEIGHT)


def _list_updates_within(spec: Spec) -> Iterator[Change]:
    parts = (("whole", ""), ("part", ", by its part in the mean")) if spec.over_samples == "mean" else (("whole", ""),)
    for part, by in parts:
        about = f"the weights are updated after each sample of a round{by}, and the next sample uses the new ones"
        rewrite = Rewrite(_update_within, ("own", part), by_torch=True)
        yield Change("batch", f"updated after each sample{by}", about, rewrite=rewrite, weight=_WEIGHT)
    if spec.over_samples == "mean" or spec.optimiser != DESCENT or spec.weight_decay:
        about = "the weights are updated once for each sample, with the gradients from the start of the round"
        rewrite = Rewrite(_update_within, ("start", "whole"), by_torch=True)
        yield Change("batch", "updated once for each sample", about, rewrite=rewrite, weight=_WEIGHT)


def _update_within(network: Network, names: tuple[str, ...]) -> Rewriting:
    """Write out an update for each sample of a round.

    Args:
        network: The network of the round.
        names: "own" if a sample uses the weights after the sample before it, "start" if all use the round's; then
            "whole" if it is updated by a sample's gradient, "part" if by that over the number of samples.
    """
    weights, part = names
    one, count, found, before = network.one_sample, len(network.samples), Edits(), dict[str, str]()
    own_names = {name for line in (list_update(one, p) for p in one.parameters) for name in line}
    for number, sample in enumerate(network.samples):
        if number and weights == "own":
            mine = (step for step in list_steps(network) if split_sample(step.name)[1] == sample)
            found |= {step.name: substitute(step.expr, _name(before)) for step in mine}
        after = dict[str, str]()
        if "t" in network.data:
            found[of_sample("t", sample)] = Name("t") * float(count) - float(count - 1 - number)
        for parameter in (p for p in one.parameters if not one.is_frozen(p)):
            slope: Expr = Name(of_sample(gradient(parameter), sample))
            if part == "part":
                slope = slope / float(count)
            for name, expr in list_update(one, parameter).items():
                placed = substitute(
                    expr, {gradient(parameter): slope, **_name({**before, **after, "t": of_sample("t", sample)})}
                )
                found[of_sample(name, sample)] = placed
                after[name] = of_sample(name, sample)
        before = {name.removeprefix("new_"): new for name, new in after.items() if name.startswith("new_")}
    last = {name: Name(of_sample(name, network.samples[-1])) for name in own_names}
    last = {name: after for name, after in last.items() if after.name in found}
    changes = {change(p): last[updated(p)] - Name(p) for p in one.parameters if updated(p) in last}
    return Rewriting({**found, **last, **changes})


def _name(names: Mapping[str, str]) -> Edits:
    return {name: Name(other) for name, other in names.items()}


def _use_old_weights(network: Network, _: tuple[str, ...]) -> Rewriting:
    """Write out a round that goes on with the weights of the first round of the pass in all but the update."""
    one = network.one_sample
    trained = tuple(p for p in one.parameters if not one.is_frozen(p))
    keep = {updated(kept(p)): Name(p if 1 in network.samples else kept(p)) for p in trained}
    of_update = {change(p) for p in trained} | {name for p in trained for name in list_update(one, p)}
    old = {} if 1 in network.samples else _name({p: kept(p) for p in trained})
    used = {step.name: step.expr for step in list_steps(network) if old and step.name not in of_update}
    put = {name: substitute(expr, old) for name, expr in used.items()}
    altered = {name: expr for name, expr in put.items() if expr != used[name]}
    return Rewriting({**altered, **keep}, {kept(p): p for p in trained})


def _keep_bias_by_sample(network: Network, _: tuple[str, ...]) -> Rewriting:
    """Write out a round in which broadcasting made each bias a column of numbers, one a sample."""
    found, kept_from, share = Edits(), dict[str, str](), 1.0 / len(network.samples)
    for sample in network.samples:
        own = {b: of_sample(kept(b), sample) for b in network.biases}
        kept_from |= {name: b for b, name in own.items()}
        mine = (step for step in list_steps(network) if split_sample(step.name)[1] == sample)
        put = {step.name: (step.expr, substitute(step.expr, _name(own))) for step in mine}
        found |= {name: after for name, (before, after) in put.items() if after != before}
        for b, name in own.items():
            slope: Expr = Name(of_sample(gradient(b), sample))
            slope = product(slope, Number(share)) if network.over_samples == "mean" else slope
            found[updated(name)] = Name(name) - product(Name("eta"), slope)
    for b in network.biases:
        found[updated(b)] = Name(updated(of_sample(kept(b), network.samples[0])))
        found[change(b)] = Name(updated(b)) - Name(b)
    return Rewriting(found, kept_from)
