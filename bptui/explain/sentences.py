"""An explanation in sentences, line by line: first the audit, then what accounts for its slips.

"Sure" is said only of what has more digits of evidence than chance needs, and breaks no value that matches.
"""

from collections.abc import Iterable, Iterator

from bptui.derive.notations import format_label
from bptui.explain.audit.finding import FOLLOWS, ROUNDED, UNKNOWN, WRONG
from bptui.explain.result import ChangeSetData, ExplanationData, FindingData, GroupData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.text_lines import TextLine, format_as_printed, make_table
from bptui.text.words import format_count

_MOST_OTHERS = 6  # other sets of changes that are named
_MOST_WORKED = 12  # slips whose formulas are written out
_MOST_NAMES = 12  # printed values named in one sentence
_VALUE = "printed value"


def describe_progress(progress: SearchProgress) -> str:
    """Return a search's progress in words, with an estimate of the time left."""
    if not progress.changes:
        return "calculating the rounds of the printed values"
    changes = "single changes" if progress.changes == 1 else f"{progress.changes} changes at once"
    left = f", about {progress.left:.0f} s left" if progress.left >= 1.0 else ""
    return f"trying {changes}: {progress.tried:,} of {progress.of:,}{left}"


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
        all_of = f"the {_VALUE} matches" if count == 1 else f"all {count:,} {_VALUE}s match"
        yield TextLine("title", f"{told['lesson']}: {all_of}, digit by digit")
        return
    if count == 1:
        yield TextLine("title", f"{told['lesson']}: the {_VALUE} differs")
    else:
        does = "differs" if differ == 1 else "differ"
        yield TextLine("title", f"{told['lesson']}: {told['right']:,} of {count:,} {_VALUE}s match, {differ:,} {does}")
    slips = [finding for finding in told["findings"] if finding["status"] == WRONG]
    if slips:
        which = "This one is" if len(slips) == 1 else f"These {len(slips):,} are"
        yield TextLine("", f"{which} wrong in {'itself' if len(slips) == 1 else 'themselves'}:")
        for slip in slips[:_MOST_WORKED]:
            yield from _slip_lines(slip)
        for slip in slips[_MOST_WORKED:]:
            yield TextLine("row", f"   {_describe_slip(slip)}")
    yield from _other_finding_lines(told["findings"])


def _slip_lines(slip: FindingData) -> Iterator[TextLine]:
    yield TextLine("slip", f"   {_describe_slip(slip)}")
    if slip["formula"]:
        yield TextLine("formula", f"      {slip['formula']}")
        if slip["value"] is not None and slip["numbers"]:
            value = format_as_printed(slip["value"], slip["printed"])
            yield TextLine("dim", f"      = {slip['numbers']} = {value}".replace("-", "−"))
    if slip["between"]:
        names = _join_names(slip["between"])
        yield TextLine("dim", f"      the slip may also be in {names}, not printed before it")


def _describe_slip(slip: FindingData) -> str:
    name = f"{format_label(slip['quantity'])} of round {slip['round']:,}"
    if slip["value"] is None:
        return f"{name} is printed {slip['printed']}; there is no such number"
    return f"{name} is printed {slip['printed']} and should be {format_as_printed(slip['value'], slip['printed'], 2)}"


def _other_finding_lines(findings: Iterable[FindingData]) -> Iterator[TextLine]:
    """Yield what follows from slips, what rounding on the way explains, and what cannot be told."""
    by_status: dict[str, list[FindingData]] = {}
    for finding in findings:
        by_status.setdefault(finding["status"], []).append(finding)
    if follow := by_status.get(FOLLOWS):
        them = "its own line is right" if len(follow) == 1 else "their own lines are right"
        does = "follows from an earlier slip" if len(follow) == 1 else "follow from earlier slips"
        text = f"{format_count(len(follow), _VALUE)} {does}, and {them}: {_list_values(follow)}"
        yield TextLine("", text)
    if rounded := by_status.get(ROUNDED):
        digit = "its last digit" if len(rounded) == 1 else "their last digits"
        does = "differs" if len(rounded) == 1 else "differ"
        why = "rounding along the way would do that"
        yield TextLine("", f"{format_count(len(rounded), _VALUE)} {does} in {digit}; {why}: {_list_values(rounded)}")
    for finding in by_status.get(UNKNOWN, [])[:_MOST_NAMES]:
        needs = f"{finding['unsure']} would need {finding['needs']} digits"
        yield TextLine("", f"{_list_values([finding])} cannot be checked: {needs}")


def _list_values(findings: list[FindingData]) -> str:
    rounds = len({finding["round"] for finding in findings}) > 1
    names = [
        format_label(f["quantity"]) + (f" of round {f['round']:,}" if rounds else "") for f in findings[:_MOST_NAMES]
    ]
    more = [f"{len(findings) - _MOST_NAMES:,} more"] if len(findings) > _MOST_NAMES else []
    return _join_names([*names, *more])


def _join_names(names: list[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


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
    alone = all(change["kind"] == "slip" for change in group["changes"])
    yield from make_table(group["figures"], "it should be" if alone else "this gives")
    yield from _other_set_lines(group, told["figures"])


def _lead_group(group: GroupData, told: ExplanationData) -> str:
    """Return the sentence that says how much a set of changes explains, and how sure that is."""
    count, every = len(group["figures"]), told["figures"]
    several = count != 1
    values = format_count(count, _VALUE)
    if all(change["kind"] == "slip" for change in group["changes"]):
        how = "This happened to" if group["sure"] else "This may have happened to"
        return f"{how} {values}:"
    if not group["sure"]:
        return f"{values} would match, but so few digits prove little:"
    does = "match" if several else "matches"
    breaks = "and no other differs by it" if group["explains"] < every else ""
    if group["explains"] == every:
        all_of = f"The {_VALUE} matches" if every == 1 else f"All {every:,} {_VALUE}s match"
        if all(change["convention"] for change in group["changes"]):
            return f"{all_of} by this convention; nothing is wrong:"
        return f"{all_of} if this was done instead:"
    return f"{values} more {does} if this was done instead, {breaks}:"


def _other_set_lines(group: GroupData, figures: int) -> Iterator[TextLine]:
    """Yield what else accounts for the same slips, and which further printed value would tell."""
    others = group["others"]
    if not others:
        return
    them = "This value" if figures == 1 else "These values"
    alike = [other for other in others if other["explains"] >= group["explains"]]
    worse = [other for other in others if other["explains"] < group["explains"]]
    if alike:
        yield TextLine("", f"   {them} cannot tell it from:")
        yield from (TextLine("", f"   · {_join_descriptions(other)}") for other in alike[:_MOST_OTHERS])
        if len(alike) > _MOST_OTHERS:
            yield TextLine("dim", f"   · and {len(alike) - _MOST_OTHERS} more")
        if decider := group["decider"]:
            name = f"{format_label(decider['quantity'])} of round {decider['round']:,}"
            yield TextLine("", f"   {name} would tell" + ("." if len(alike) == 1 else " it from most of them."))
    if worse:
        names = "; ".join(f"{_join_change_names(other)} ({other['explains']:,})" for other in worse[:_MOST_OTHERS])
        yield TextLine("dim", f"   Also possible, but fewer of all printed values match: {names}")


def _join_descriptions(candidate: ChangeSetData) -> str:
    return ", and ".join(change["about"] for change in candidate["changes"])


def _join_change_names(candidate: ChangeSetData) -> str:
    return " + ".join(change["name"] for change in candidate["changes"])


def _unexplained_lines(told: ExplanationData) -> Iterator[TextLine]:
    """Yield the slips that nothing accounts for, and how far the search went."""
    looked, left, wrong = told["looked"], told["left"], told["audit"] or told["groups"]
    tried = {0: "not even every single change was tried", 1: "every single change was tried"}
    far = tried.get(looked, f"up to {looked} changes at once were tried")
    if left:
        them = "It" if len(left) == 1 else "They"
        slips = "the slip" if len(left) == 1 else f"these {len(left):,} slips"
        yield TextLine("", "")
        yield TextLine("title", f"Nothing in the catalogue accounts for {slips}; {far}.")
        yield TextLine("", f"   {them} may be {'a slip' if len(left) == 1 else 'slips'} of arithmetic:")
        yield from make_table(left, "")
        if told["nearest"]:
            yield TextLine("dim", f"   What comes nearest: {_join_descriptions(told['nearest'])}")
    if told["limit"] is not None and wrong:
        seconds = f"{told['limit']:g} s of processor time"
        yield TextLine("dim", f"The search stopped after {seconds}; {far}.")
    elif told["stopped"]:
        yield TextLine("dim", f"Stopped before the end; {far}.")
