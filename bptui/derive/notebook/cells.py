"""Cells of a notebook, and the sources of the programs that their code is made of.

What stands in a program's loop is dedented, for round 1 alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import dedent
from typing import NamedTuple

from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.derive.blocks import Block, Heading, Paragraph
from bptui.derive.formats import FORMATS
from bptui.derive.numpy_program import make_numpy_program
from bptui.derive.program_parts import assign_settings
from bptui.derive.torch_program import make_torch_program


class Cell(NamedTuple):
    """A cell of a notebook: its id, what it is, and its text.

    The kind is "markdown" or "code"; an id has letters, digits and hyphens.
    """

    id: str
    kind: str
    text: str


def write_markdown(name: str, blocks: Iterable[Block]) -> Cell:
    """Return a cell of Markdown, in which all words are escaped."""
    return Cell(f"{name}-text", "markdown", "\n".join(FORMATS["markdown"].print(blocks)))


def make_section(name: str, title: str, about: str, *code: str) -> Iterator[Cell]:
    """Yield what is said of some code, and the code, out of its loop if it stands in one."""
    yield write_markdown(name, [Heading(title), Paragraph(about)])
    yield Cell(name, "code", "\n\n".join(dedent(text).strip("\n") for text in code if text.strip()))


def collect_sources(spec: Spec, engine: str) -> dict[str, str]:
    """Return the parts of a program by name, without the comment at its top and without the numbers of the training."""
    parts = (make_numpy_program if engine == "numpy" else make_torch_program)(spec, "")
    sources = {part.name: part.source.rstrip("\n") for part in parts}
    sources["imports"] = sources["imports"].partition("\n\n")[2]
    sources["data"] = sources["data"].removesuffix("\n".join(assign_settings(spec)))
    return sources


def begin_round_1(sources: Mapping[str, str]) -> str:
    """Return what round 1 does first, from what each round does first; often nothing."""
    picks = sources["loop"].partition("\n")[2]
    return f"n = 1  # the round\n{dedent(picks)}" if picks.strip() else ""


def describe_departure(spec: Spec) -> str:
    """Return how the calculation by hand differs from the plain chain rule; empty if it does not."""
    said = ""
    if spec.gradient != CHAIN_RULE and RULES[spec.gradient].applies(spec.network):
        done = RULES[spec.gradient].describe(spec.network)
        said += f' Here the rule "{spec.gradient}" takes the place of the chain rule. {done[:1].upper()}{done[1:]}.'
    if spec.rounding != NONE:
        to = spec.rounding.replace("digits", "significant digits").replace("decimals", "decimal places")
        said += f" Every result is rounded to {to} before it is used."
    return said
