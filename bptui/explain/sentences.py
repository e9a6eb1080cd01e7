"""An explanation in sentences, line by line: first the audit, then what accounts for the values that differ.

"Sure" is said only of what has more digits of evidence than chance needs, and breaks no value that matches.
"""

from collections.abc import Iterator, Sequence

from bptui.check.marks import YOUR_NUMBER
from bptui.check.side import LAST_DIGITS, name_all, say_all_match, say_how_many_match, say_how_they_match
from bptui.derive.notations import format_label
from bptui.explain.audit.finding import FOLLOWS, RIGHT, ROUNDED, UNKNOWN, WRONG
from bptui.explain.audit_data import FindingData
from bptui.explain.causes import is_single_number, name_causes, name_columns, name_noun, reproduce
from bptui.explain.result import ChangeSetData, DeciderData, ExplanationData, FigureData, GroupData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.text_lines import TextLine, format_as_printed, make_table
from bptui.text.numbers import format_significant, write_minus
from bptui.text.words import format_count, join_words

_MOST_OTHERS = 6  # other sets of changes that are named
_MOST_WORKED = 12  # slips whose formulas are written out
_MOST_NAMES = 12  # printed values named in one sentence
_MORE_DIGITS = 2  # of the number that should be printed
_FEWEST_DIGITS = 3  # of that number: with fewer, its formula would seem to give another one
_VALUE = "printed value"


def describe_progress(progress: SearchProgress) -> str:
    """Return a search's progress in words, with an estimate of the time left."""
    if not progress.changes:
        return "calculating the rounds of the printed values"
    trying = "mistakes one by one" if progress.changes == 1 else f"{progress.changes} mistakes at once"
    left = f", about {progress.left:.0f} s left" if progress.left >= 1.0 else ""
    return f"trying {trying}: {progress.tried:,} of {progress.of:,}{left}"


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
    """Yield what the audit says: which values match, which differ in themselves, which carry these errors forward."""
    count, differ = told["figures"], told["figures"] - told["right"]
    if not differ:
        how = LAST_DIGITS if told["last_digits"] == count else say_how_they_match(told["last_digits"])
        yield TextLine("title", f"{told['lesson']}: {say_all_match(count)}, {how}")
        return
    if count == 1:
        yield TextLine("title", f"{told['lesson']}: the {_VALUE} differs")
    else:
        does = "differs" if differ == 1 else "differ"
        how_many = say_how_many_match(told["right"], count)
        yield TextLine("title", f"{told['lesson']}: {how_many}, {differ:,} {does}")
    slips = [finding for finding in told["findings"] if finding["status"] == WRONG]
    if slips:
        yield TextLine("", _lead_slips(len(slips), differ, count))
        is_yours = told["lesson"] == YOUR_NUMBER
        is_printed = "is {} on your paper" if is_yours else "is printed as {}"
        for slip in slips[:_MOST_WORKED]:
            yield from _slip_lines(slip, is_printed, is_yours)
        for slip in slips[_MOST_WORKED:]:
            yield TextLine("slip", f"   {_describe_slip(slip, is_printed)}")
    yield from _other_finding_lines(told["findings"], len(slips))


def _lead_slips(slips: int, differ: int, count: int) -> str:
    """Return the sentence before the values that the numbers before them do not give."""
    if count == 1:
        return "It differs from what its formula gives:"
    which = f"{slips:,} of them" if slips < differ else "It" if slips == 1 else "They"
    does, them = ("differs", "it") if slips == 1 else ("differ", "them")
    return f"{which} {does} even if the numbers before {them} are taken as printed:"


def _slip_lines(slip: FindingData, is_printed: str, is_yours: bool) -> Iterator[TextLine]:
    yield TextLine("slip", f"   {_describe_slip(slip, is_printed)}")
    if slip["formula"]:
        yield TextLine("formula", f"      {slip['formula']}")
        if slip["value"] is not None and slip["numbers"]:
            yield TextLine("dim", f"      = {slip['numbers']} {slip['relation']} {_write_value(slip)}")
    if between := slip["between"]:
        are = "is" if len(between) == 1 else "are"
        names = join_words(between, _MOST_NAMES)
        where = f"{names} {are} not printed, so the mistake may be there or earlier"
        yield TextLine("dim", f"      {f'the mistake may be in {names} or earlier' if is_yours else where}")


def _describe_slip(slip: FindingData, is_printed: str) -> str:
    place, printed = f"{format_label(slip['quantity'])} in round {slip['round']:,}", write_minus(slip["printed"])
    should_be = "there is no such number" if slip["value"] is None else f"should be {_write_value(slip)}"
    return f"{place} {is_printed.format(printed)} but {should_be}"


def _write_value(slip: FindingData) -> str:
    text = format_as_printed(slip["value"], slip["printed"], _MORE_DIGITS)
    if isinstance(value := slip["value"], float) and value and len(text.replace(".", "").lstrip("-0")) < _FEWEST_DIGITS:
        text = format_significant(value, 6)
    return write_minus(text)


def _other_finding_lines(findings: Sequence[FindingData], slips: int) -> Iterator[TextLine]:
    """Yield what follows from slips, what rounding on the way explains, and what cannot be checked."""
    if follow := [finding for finding in findings if finding["status"] == FOLLOWS]:
        does = "differs only because it carries" if len(follow) == 1 else "differ only because they carry"
        causes = {slip for finding in follow for slip in finding["follows"]}
        errors = "this error" if slips == 1 else "these errors" if len(causes) > 1 else "one of these errors"
        yield TextLine("", f"{len(follow):,} more {does} {errors} forward: {_list_places(follow)}")
    if rounded := [finding for finding in findings if finding["status"] in (RIGHT, ROUNDED)]:
        values = format_count(len(rounded), _VALUE)
        yield TextLine("", f"Rounding along the way would explain {values}: {_list_places(rounded)}")
    unknown = [finding for finding in findings if finding["status"] == UNKNOWN]
    for finding in unknown[:_MOST_NAMES]:
        digits = f"to {format_count(finding['needs'], 'digit')}" if finding["needs"] else "exactly"
        needs = f"{finding['unsure']} would have to be known {digits}"
        printed = f", printed as {write_minus(finding['printed'])}," if len(findings) > 1 else ""
        yield TextLine("", f"{_list_places([finding])}{printed} is left out of the search: to check it, {needs}")
    if len(unknown) > _MOST_NAMES:
        yield TextLine("", f"{len(unknown) - _MOST_NAMES:,} more are left out for the same reason")


def _list_places(figures: Sequence[FindingData | FigureData | DeciderData]) -> str:
    """Return the names of printed values, the round behind those that it has in common."""
    by_round: dict[int, list[str]] = {}
    for figure in figures[:_MOST_NAMES]:
        by_round.setdefault(figure["round"], []).append(format_label(figure["quantity"]))
    names = [f"{join_words(names)} in round {round_:,}" for round_, names in by_round.items()]
    more = [f"{len(figures) - _MOST_NAMES:,} more"] if len(figures) > _MOST_NAMES else []
    return "; ".join([*names, *more])


def _group_lines(group: GroupData, told: ExplanationData, number: int) -> Iterator[TextLine]:
    """Yield one group: the mistake, in words and as a formula, and the values that it explains."""
    lead = f"{number}. " if len(told["groups"]) > 1 else ""
    yield TextLine("title", f"{lead}{_lead_group(group, told)}")
    changes = group["changes"]
    nouns = [name_noun(change) for change in changes]
    for change, noun in zip(changes, nouns, strict=True):
        dot = "· " if len(changes) > 1 else ""
        what = f"{noun}: " if len(set(nouns)) > 1 else ""
        yield TextLine("change", f"   {dot}{what}{change['about']} [{change['name']}]")
    if group["formula"]:
        used, right = group["formula"]
        yield TextLine("formula", f"   {used}")
        yield TextLine("dim", f"   instead of {right}")
    yield from make_table(group["figures"], *name_columns(changes))
    if rounded := group["rounded"]:
        match = "matches" if len(rounded) == 1 else "match"
        yield TextLine("dim", f"   {_list_places(rounded)} {match} only if numbers were rounded along the way.")
    if group["contradicts"]:
        these = "this" if len(group["contradicts"]) == 1 else "these"
        yield TextLine("dim", f"   In that calculation, {these} would differ: {_list_places(group['contradicts'])}")
    yield from _other_set_lines(group, told["figures"])


def _lead_group(group: GroupData, told: ExplanationData) -> str:
    """Return the sentence that says how much a set of changes explains, and how sure that is."""
    count, every, changes = len(group["figures"]), told["figures"], group["changes"]
    values = "your number" if told["lesson"] == YOUR_NUMBER else format_count(count, _VALUE)
    if is_single_number(changes):
        return f"This {'explains' if group['sure'] else 'may explain'} {values}:"
    causes = name_causes(changes)
    if group["contradicts"]:
        come = "matches if it comes" if count == 1 else "match if they come"
        return f"{values} {come} from a different calculation than the rest, one with {causes}:"
    they = f"{causes[0].upper()}{causes[1:]}"
    if not group["sure"]:
        return f"{they} would {reproduce(changes)} {values}, but that could be chance:"
    they = f"{they} {reproduce(changes, agree=True)}"
    if group["explains"] == every:
        values = values if told["lesson"] == YOUR_NUMBER else name_all(every)
        if not all(change["convention"] for change in changes):
            return f"{they} {values}:"
        alike = any(other["explains"] >= group["explains"] for other in group["others"])
        used = "; if it was used," if len(changes) == 1 else "; if they were used,"
        return f"{they} {values}{used if alike else ', so'} nothing is wrong:"
    if not told["right"] and len(told["groups"]) == 1:
        return f"{they} {count:,} of the {every:,} {_VALUE}s:"
    return f"{they} {format_count(count, f'more {_VALUE}')}, and none that matched becomes wrong:"


def _other_set_lines(group: GroupData, every: int) -> Iterator[TextLine]:
    """Yield what else accounts for the same slips, and which further printed value would decide."""
    others = group["others"]
    alike = [other for other in others if other["explains"] >= group["explains"]]
    worse = [other for other in others if other["explains"] < group["explains"]]
    if alike:
        yield TextLine("", "   Equally possible:")
        yield from (TextLine("", f"   · {_join_descriptions(other)}") for other in alike[:_MOST_OTHERS])
        if len(alike) > _MOST_OTHERS:
            yield TextLine("dim", f"   · and {len(alike) - _MOST_OTHERS:,} more")
        if decider := group["decider"]:
            name = f"{format_label(decider['quantity'])} in round {decider['round']:,}"
            yield TextLine("", f"   {name} would {'decide' if len(alike) == 1 else 'help to decide'}.")
    if worse:
        named = [f"{_join_change_names(one)} ({one['explains']:,} of {every:,})" for one in worse[:_MOST_OTHERS]]
        yield TextLine("dim", f"   Also possible, but with fewer matches: {'; '.join(named)}")


def _join_descriptions(candidate: ChangeSetData) -> str:
    return ", and ".join(change["about"] for change in candidate["changes"])


def _join_change_names(candidate: ChangeSetData) -> str:
    return " + ".join(change["name"] for change in candidate["changes"])


def _unexplained_lines(told: ExplanationData) -> Iterator[TextLine]:
    """Yield the slips that nothing accounts for, and how far the search went."""
    looked, left = told["looked"], told["left"]
    tried = {
        0: "not every known mistake and convention was tried",
        1: "each known mistake and convention was tried by itself",
    }
    far = tried.get(looked, f"up to {looked} known mistakes and conventions at once were tried")
    ended = not told["stopped"] and told["limit"] is None
    if left:
        values = "Your number" if told["lesson"] == YOUR_NUMBER else format_count(len(left), _VALUE)
        has = f"{values} {'has' if len(left) == 1 else 'have'}"
        yield TextLine("", "")
        sure = "certain" if told["possible"] else "known"
        yield TextLine("title", f"{has} no {sure} explanation{f'; {far}' if ended else ' so far'}.")
        may = "may come from an arithmetic error" if len(left) == 1 else "may come from arithmetic errors"
        yield TextLine("", f"   {_list_places(left)} {may}.")
        if count := told["possible"]:
            values = "this value" if len(left) == 1 else "these values"
            chance = f"{format_count(count, 'explanation')} would give {values}, but that could be chance"
            yield TextLine("dim", f"   {chance}.")
        if told["nearest"]:
            yield TextLine("dim", f"   Closest match: {_join_descriptions(told['nearest'])}")
    if told["limit"] is not None and told["audit"]:
        yield TextLine("dim", f"The search stopped after {told['limit']:g} s of processor time; {far}.")
    elif told["stopped"]:
        yield TextLine("dim", f"Stopped before the end; {far}.")
