"""The words for what accounts for printed values: mistakes, settings and conventions, one or several at once."""

import re
from dataclasses import replace

import pytest

from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.catalogue.optimiser_forms import FORMS
from bptui.explain.causes import name_causes, name_columns, name_noun, reproduce
from bptui.explain.result import ChangeData
from bptui.lessons.lesson import load_lesson

_PAST = re.compile(r"\b(was|were|did|had|forgot|forgotten|stood|took|got|left off|came|stayed|sent)\b")


def change(noun: str, kind: str = "loss") -> ChangeData:
    return {"kind": kind, "name": "", "about": "", "setting": noun == "setting", "convention": noun == "convention"}


MISTAKE, SETTING, CONVENTION, SLIP = change("mistake"), change("setting"), change("convention"), change("", "slip")


@pytest.mark.parametrize(
    ("changes", "named", "verb", "columns"),
    [
        ([MISTAKE], "this mistake", "reproduces", ("correct", "with this mistake")),
        ([SETTING], "this setting", "reproduces", ("recomputed", "with this setting")),
        ([CONVENTION], "this convention", "gives", ("recomputed", "with this convention")),
        ([MISTAKE] * 2, "these 2 mistakes together", "reproduce", ("correct", "with these mistakes")),
        ([CONVENTION] * 2, "these 2 conventions together", "give", ("recomputed", "with these conventions")),
        ([MISTAKE, CONVENTION], "this mistake and this convention together", "reproduce", ("recomputed", "with these")),
        (
            [CONVENTION, MISTAKE, CONVENTION],
            *("these 2 conventions and this mistake together", "reproduce", ("recomputed", "with these")),
        ),
        ([SLIP], "this mistake", "reproduces", ("recomputed", "should be")),
    ],
)
def test_changes_are_named_by_what_they_are_and_agree_in_number(
    changes: list[ChangeData], named: str, verb: str, columns: tuple[str, str]
) -> None:
    assert (name_causes(changes), reproduce(changes, agree=True), name_columns(changes)) == (named, verb, columns)


@pytest.mark.parametrize(
    ("lesson", "nouns"),
    [
        (
            "mazur-2015",
            {
                'gradient rule "raw error"': "mistake",
                "squared error": "setting",
                "the library's sigmoid": "setting",
                "step 0.1": "setting",
                "float32": "setting",
                "x1 and x2 swapped": "mistake",
                "slopes of squared error": "convention",
                "rounds counted from 0": "convention",
                "round N for N − 1": "mistake",
            },
        ),
        ("adam", {"rmsprop": "setting", "β1 = 0.5": "setting", "no bias correction": "mistake"}),
        ("online-or-batch", {"mean over the samples": "setting", "gradients of the last sample alone": "mistake"}),
        ("softmax", {"softmax applied twice": "mistake", "softmax in the loss": "convention"}),
    ],
)
def test_another_setting_is_no_mistake_and_a_legitimate_choice_a_convention(lesson: str, nouns: dict[str, str]) -> None:
    spec = load_lesson(lesson).spec
    found = {one.name: one for row in CATALOGUE for one in row.options(spec)}
    for name, noun in nouns.items():
        one = found[name]
        assert name_noun({**MISTAKE, "setting": one.is_setting, "convention": one.convention}) == noun, name


@pytest.mark.parametrize("lesson", ["mazur-2015", "deep", "adam", "momentum", "online-or-batch", "softmax", "xor"])
def test_every_mistake_is_described_by_a_clause_in_the_present_tense(lesson: str) -> None:
    spec = load_lesson(lesson).spec
    for about in _list_descriptions(spec):
        assert not _PAST.search(about), about
        assert not about.endswith(".") and (about[0].islower() or about[0] in "βαεμλ∂δ"), about


def _list_descriptions(spec: Spec) -> list[str]:
    decayed = replace(spec, weight_decay=0.1)
    listed = [one.about for row in CATALOGUE for one in (*row.options(spec), *row.options(decayed))]
    rules = [text for rule in RULES.values() for text in (rule.about, rule.deep, rule.in_layer) if text]
    return [*listed, *rules, *(form.about for forms in FORMS.values() for form in forms)]
