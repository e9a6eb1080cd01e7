"""An explanation in sentences, line by line: first the audit, then what accounts for its slips.

"Sure" is said only of what has more digits of evidence than chance needs, and breaks no value that matches.
"""

from collections.abc import Iterator, Sequence

from bptui.check.side import LAST_DIGITS
from bptui.derive.notations import format_label
from bptui.explain.audit.finding import FOLLOWS, RIGHT, ROUNDED, UNKNOWN, WRONG
from bptui.explain.audit_data import FindingData
from bptui.explain.result import ChangeSetData, DeciderData, ExplanationData, FigureData, GroupData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.text_lines import TextLine, format_as_printed, make_table
from bptui.text.numbers import write_minus
from bptui.text.words import format_count, join_words

_MOST_OTHERS = 6  # other sets of changes that are named
_MOST_WORKED = 12  # slips whose formulas are written out
_MOST_NAMES = 12  # printed values named in one sentence
_MORE_DIGITS = 2  # of the number that should be printed
_VALUE = "printed value"


def describe_progress(progress: SearchProgress) -> str:
    """Return a search's progress in words, with an estimate of the time left."""
    if not progress.changes:
        return "calculating the rounds of the printed values"
    changes = "single changes" if progress.changes == 1 else f"{progress.changes} changes at once"
    left = f", about {progress.left:.0f} s left" if progress.left >= 1.0 else ""
    return f"trying {changes}: {progress.tried:,} of {progress.of:,}{left}"


def say_all_match(count: int) -> str:
    """Return that all of some printed values match."""
    if count == 1:
        return f"the {_VALUE} matches"
    return f"{'both' if count == 2 else f'all {count:,}'} {_VALUE}s match"


def say_how_they_match(near: int) -> str:
    """Return how printed values match, from the number of those that do but for the last digits."""
    return f"{near:,} of them {LAST_DIGITS}" if near else "digit by digit"


def make_sentences(told: ExplanationData, searching: bool = False) -> Iterator[TextLine]:
    """Yield an explanation in sentences, line by line.

    Args:
        told: The explanation.
        searching: Whether the search goes on, so that nothing is said of what it has not found.
    """
    yield from make_audit_lines(told)
    for number, group in enumerate(told["groups"], 1):
        yield TextLine("", "")
        yield from _group_lines(group, told, number)
    if not searching:
        yield from _unexplained_lines(told)
    if told["no_torch"]:
        yield TextLine("dim", f"{told['no_torch']}: the last digits of torch's own float32 values are not compared")


def make_audit_lines(told: ExplanationData) -> Iterator[TextLine]:
    """Yield what the audit says: which values match, which are wrong in themselves, and which follow from these."""
    count, differ = told["figures"], told["figures"] - told["right"]
    if not differ:
        how = LAST_DIGITS if count == 1 == told["last_digits"] else say_how_they_match(told["last_digits"])
        yield TextLine("title", f"{told['lesson']}: {say_all_match(count)}, {how}")
        return
    if count == 1:
        yield TextLine("title", f"{told['lesson']}: the {_VALUE} differs")
    else:
        does = "differs" if differ == 1 else "differ"
        yield TextLine("title", f"{told['lesson']}: {told['right']:,} of {count:,} {_VALUE}s match, {differ:,} {does}")
    slips = [finding for finding in told["findings"] if finding["status"] == WRONG]
    if slips:
        them = "it" if len(slips) == 1 else "them"
        which = f"{len(slips):,} of them" if len(slips) < differ else "It" if differ == 1 else "They"
        does = "does" if len(slips) == 1 else "do"
        yield TextLine("", f"{which} {does} not follow from the numbers before {them}:")
        for slip in slips[:_MOST_WORKED]:
            yield from _slip_lines(slip)
        for slip in slips[_MOST_WORKED:]:
            yield TextLine("slip", f"   {_describe_slip(slip)}")
    yield from _other_finding_lines(told["findings"], len(slips))


def _slip_lines(slip: FindingData) -> Iterator[TextLine]:
    yield TextLine("slip", f"   {_describe_slip(slip)}")
    if slip["formula"]:
        yield TextLine("formula", f"      {slip['formula']}")
        if slip["value"] is not None and slip["numbers"]:
            yield TextLine("dim", f"      = {slip['numbers']} {slip['relation']} {_write_value(slip)}")
    if between := slip["between"]:
        are = "is" if len(between) == 1 else "are"
        names = join_words(between, _MOST_NAMES)
        yield TextLine("dim", f"      {names} {are} not printed; the slip may be there or earlier")


def _describe_slip(slip: FindingData) -> str:
    place = f"{format_label(slip['quantity'])} of round {slip['round']:,} is printed {write_minus(slip['printed'])}"
    if slip["value"] is None:
        return f"{place}; there is no such number"
    return f"{place} and should be {_write_value(slip)}"


def _write_value(slip: FindingData) -> str:
    return write_minus(format_as_printed(slip["value"], slip["printed"], _MORE_DIGITS))


def _other_finding_lines(findings: Sequence[FindingData], slips: int) -> Iterator[TextLine]:
    """Yield what follows from slips, what rounding on the way explains, and what cannot be checked."""
    if follow := [finding for finding in findings if finding["status"] == FOLLOWS]:
        does = "differs only because it goes" if len(follow) == 1 else "differ only because they go"
        from_ = "this slip" if slips == 1 else "these slips"
        yield TextLine("", f"{len(follow):,} more {does} on from {from_}: {_list_places(follow)}")
    if rounded := [finding for finding in findings if finding["status"] in (RIGHT, ROUNDED)]:
        values = format_count(len(rounded), _VALUE)
        yield TextLine("", f"Rounding along the way would account for {values}: {_list_places(rounded)}")
    unknown = [finding for finding in findings if finding["status"] == UNKNOWN]
    for finding in unknown[:_MOST_NAMES]:
        needs = f"{finding['unsure']} would need {format_count(finding['needs'], 'digit')}"
        yield TextLine("", f"{_list_places([finding])} cannot be checked: {needs}")
    if len(unknown) > _MOST_NAMES:
        yield TextLine("", f"{len(unknown) - _MOST_NAMES:,} more cannot be checked for such reasons")


def _list_places(figures: Sequence[FindingData | FigureData | DeciderData]) -> str:
    """Return the names of printed values, the round behind those that it has in common."""
    by_round: dict[int, list[str]] = {}
    for figure in figures[:_MOST_NAMES]:
        by_round.setdefault(figure["round"], []).append(format_label(figure["quantity"]))
    names = [f"{join_words(names)} of round {round_:,}" for round_, names in by_round.items()]
    more = [f"{len(figures) - _MOST_NAMES:,} more"] if len(figures) > _MOST_NAMES else []
    return "; ".join([*names, *more])


def _group_lines(group: GroupData, told: ExplanationData, number: int) -> Iterator[TextLine]:
    """Yield one group: what was done differently, in words and as a formula, and the values that match."""
    lead = f"{number}. " if len(told["groups"]) > 1 else ""
    yield TextLine("title", f"{lead}{_lead_group(group, told)}")
    dot = "· " if len(group["changes"]) > 1 else ""
    for change in group["changes"]:
        yield TextLine("change", f"   {dot}{change['about']} [{change['name']}]")
    if group["formula"]:
        used, right = group["formula"]
        yield TextLine("formula", f"   {used}")
        yield TextLine("dim", f"   instead of {right}")
    yield from make_table(group["figures"], "should be" if _is_alone(group) else "this gives")
    if group["contradicts"]:
        yield TextLine("dim", f"   In that calculation others would differ: {_list_places(group['contradicts'])}")
    yield from _other_set_lines(group)


def _is_alone(group: GroupData) -> bool:
    """Whether a group is about numbers that are wrong each by itself."""
    return all(change["kind"] == "slip" for change in group["changes"])


def _lead_group(group: GroupData, told: ExplanationData) -> str:
    """Return the sentence that says how much a set of changes explains, and how sure that is."""
    count, every = len(group["figures"]), told["figures"]
    values = format_count(count, _VALUE)
    if _is_alone(group):
        return f"{'This happened' if group['sure'] else 'This may have happened'} to {values}:"
    if group["contradicts"]:
        return f"{values} would match in another calculation than the rest, one in which this was done:"
    if not group["sure"]:
        return f"{values} would match, but so few digits prove little:"
    several = len(group["changes"]) > 1
    convention = all(change["convention"] for change in group["changes"])
    if group["explains"] == every:
        all_of = say_all_match(every).capitalize()
        if convention:
            by = "these conventions" if several else "this convention"
            alike = any(other["explains"] >= group["explains"] for other in group["others"])
            return f"{all_of} by {by}{', by which' if alike else ';'} nothing is wrong:"
        return f"{all_of} if this was done instead:"
    how = f"By {'these conventions' if several else 'this convention'}" if convention else "If this was done instead,"
    return f"{how} {count:,} more {_VALUE}{'s match' if count > 1 else ' matches'}, and no other becomes wrong:"


def _other_set_lines(group: GroupData) -> Iterator[TextLine]:
    """Yield what else accounts for the same slips, and which further printed value would decide."""
    others = group["others"]
    alike = [other for other in others if other["explains"] >= group["explains"]]
    worse = [other for other in others if other["explains"] < group["explains"]]
    if alike:
        yield TextLine("", "   Just as possible:")
        yield from (TextLine("", f"   · {_join_descriptions(other)}") for other in alike[:_MOST_OTHERS])
        if len(alike) > _MOST_OTHERS:
            yield TextLine("dim", f"   · and {len(alike) - _MOST_OTHERS:,} more")
        if decider := group["decider"]:
            name = f"{format_label(decider['quantity'])} of round {decider['round']:,}"
            yield TextLine("", f"   {name} would {'decide' if len(alike) == 1 else 'help to decide'}.")
    if worse:
        names = "; ".join(f"{_join_change_names(other)} ({other['explains']:,})" for other in worse[:_MOST_OTHERS])
        yield TextLine("dim", f"   Also possible, but in all fewer {_VALUE}s match: {names}")


def _join_descriptions(candidate: ChangeSetData) -> str:
    return ", and ".join(change["about"] for change in candidate["changes"])


def _join_change_names(candidate: ChangeSetData) -> str:
    return " + ".join(change["name"] for change in candidate["changes"])


def _unexplained_lines(told: ExplanationData) -> Iterator[TextLine]:
    """Yield the slips that nothing accounts for, and how far the search went."""
    looked, left = told["looked"], told["left"]
    tried = {0: "not every single change was tried", 1: "every single change was tried"}
    far = tried.get(looked, f"up to {looked} changes at once were tried")
    ended = not told["stopped"] and told["limit"] is None
    if left:
        slips = "the slip" if len(left) == 1 else f"{len(left):,} slips"
        yield TextLine("", "")
        sure = " for certain" if told["possible"] else ""
        far_ = f"; {far}" if ended else " so far"
        yield TextLine("title", f"Nothing in the catalogue accounts for {slips}{sure}{far_}.")
        may = "may be a slip" if len(left) == 1 else "may be slips"
        yield TextLine("", f"   {_list_places(left)} {may} of arithmetic.")
        if count := told["possible"]:
            values = "this value" if len(left) == 1 else "these values"
            yield TextLine(
                "dim", f"   {format_count(count, 'explanation')} would give {values}, but so few digits prove little."
            )
        if told["nearest"]:
            yield TextLine("dim", f"   What comes nearest: {_join_descriptions(told['nearest'])}")
    if told["limit"] is not None and told["audit"]:
        yield TextLine("dim", f"The search stopped after {told['limit']:g} s of processor time; {far}.")
    elif told["stopped"]:
        yield TextLine("dim", f"Stopped before the end; {far}.")
