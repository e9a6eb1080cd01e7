"""Plan a sweep: every combination of the values of some settings, each from the starts of some seeds.

A value is typed as for the setting's flag. If the starts are to be random but the lesson gives its weights, the starts
are normal; a problem without randomness is trained once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from bptui.core.problem.flags import ACTIVATION, OTHER_FLAGS, name_flag, read_changes
from bptui.core.problem.initialisation import is_random
from bptui.core.problem.kinds.array_kinds import NumberRows
from bptui.core.problem.kinds.setting_kinds import (
    Choice,
    ChoiceByName,
    FiniteNumber,
    Kind,
    LayerSizes,
    NumberList,
    WholeNumber,
)
from bptui.core.problem.kinds.suggestions import describe_taken_apart, suggest, suggest_point
from bptui.core.problem.layer_keys import HIDDEN_KEYS, OUTPUT
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.starts import GIVEN
from bptui.core.problem.tables import ALIASES, Table, UserError, merge_tables
from bptui.record import record

MAX_SETTINGS = 1_000  # settings of one sweep
MOST_RUNS = 100_000_000  # of one sweep: the losses of all of them are kept, up to 1.6 GB
_HIGHEST = 2**32 - 1  # seed
_NORMAL: Table = {"network": {"init": {"kind": "normal"}}}
_KINDS: dict[str, Kind] = {name_flag(item.name): item.metadata["kind"] for item in list_settings()}
_NAMES: dict[str, str] = {name_flag(item.name): item.name for item in list_settings()}
for _alias, (_flags, _) in OTHER_FLAGS.items():
    _KINDS |= dict.fromkeys(_flags, _KINDS[name_flag(ALIASES[_alias])])
    _NAMES |= dict.fromkeys(_flags, _alias)


@record
class Setting:
    """One combination of values.

    Attributes:
        varied: The values as typed, by setting.
        spec: The problem; each run replaces its seed.
        seeds: One for each run.
    """

    varied: Mapping[str, str]
    spec: Spec
    seeds: range

    def spec_of(self, seed: int) -> Spec:
        """Return the problem of a single run."""
        return replace(self.spec, seed=seed)


@record
class Plan:
    """Everything that a sweep trains.

    Attributes:
        varied: The settings that vary.
        settings: Every combination.
        seeds: The seeds of the random starts, if they were requested.
        replaced: Whether normal starts replace weights that the lesson gives.
    """

    varied: tuple[str, ...]
    settings: tuple[Setting, ...]
    seeds: range | None
    replaced: bool

    @property
    def runs(self) -> int:
        """The number of runs."""
        return sum(len(setting.seeds) for setting in self.settings)


def make_plan(spec: Spec, words: Sequence[str], seeds: range | None, keep_start: bool = False) -> Plan:
    """Plan a sweep.

    Args:
        spec: The problem to vary.
        words: What varies, each as ``KEY=V1,V2,…``; the values of a setting that is a list are separated by ``;``.
        seeds: The seeds of the random starts; None for one run per setting, from its own start.
        keep_start: Whether to keep given weights rather than replace them by normal starts.

    Raises:
        UserError: If a key is no setting, a value is not allowed, or there are more runs than fit into memory.
    """
    values: dict[str, list[str]] = {}
    for word in words:
        key, found = _parse_word(word)
        if _find_setting(key) in map(_find_setting, values):
            raise UserError(f"--vary {key}: given twice; give it only once")
        if key == "seed" and seeds is not None:
            raise UserError("--vary seed: --seeds already gives the seeds; leave out one of them")
        values[key] = found
    count = prod(map(len, values.values()))
    if count > MAX_SETTINGS:
        raise UserError(f"--vary: at most {MAX_SETTINGS:,} combinations are possible, not {count:,}")
    own = not keep_start and not {"init", "weights"} & set(values)
    replaced = seeds is not None and spec.init == GIVEN and own
    table = merge_tables(spec.to_table(), _NORMAL) if replaced else spec.to_table()
    places = list(spec.own_activations)
    combinations = [dict(zip(values, texts, strict=True)) for texts in product(*values.values())]
    made = tuple(_make_setting(table, one, places, seeds) for one in combinations)
    plan = Plan(tuple(values), made, seeds, replaced)
    if plan.runs > MOST_RUNS:
        raise UserError(f"--seeds: at most {MOST_RUNS:,} runs are possible, not {plan.runs:,}")
    return plan


def parse_seeds(text: str) -> range:
    """Parse seeds: ``10000`` for that many from 1, or a range such as ``1-500``.

    Raises:
        UserError: If it is neither.
    """
    first, dash, last = text.partition("-")
    ends = [WholeNumber.read(end) for end in ((first, last) if dash else ("1", first))]
    seeds = range(ends[0], ends[1] + 1) if isinstance(ends[0], int) and isinstance(ends[1], int) else range(0)
    if not seeds or seeds[0] < 0 or seeds[-1] > _HIGHEST:
        need = "a number of seeds, such as 10000, or a range that rises, such as 1-500"
        shown = text if text.strip() else f'"{text}"'
        raise UserError(f"--seeds: {shown} must be {need}; the highest seed is {_HIGHEST:,}")
    return seeds


def _find_setting(key: str) -> str:
    """Return the setting that a key of ``--vary`` is a word for."""
    name = _NAMES.get(key, key)
    return ALIASES.get(name, name)


def _parse_word(word: str) -> tuple[str, list[str]]:
    """Parse a word into its key and its values, each checked by itself."""
    key, sign, text = word.partition("=")
    key = name_flag(key.strip().lower())
    if key not in (*_KINDS, ACTIVATION):
        raise UserError(f"--vary {key}: unknown setting{suggest(key, [*_KINDS, ACTIVATION])}")
    if not sign:
        raise UserError(f"--vary {key}: enter values, as in --vary step=0.1,1,10")
    kind = _KINDS[f"{ACTIVATION}-hidden" if key == ACTIVATION else key]
    several = isinstance(kind, NumberList | NumberRows | ChoiceByName) or (isinstance(kind, LayerSizes) and ";" in text)
    several = several or (isinstance(kind, Choice) and (";" in text or text.strip() in kind.names))
    values = list(dict.fromkeys(part.strip() for part in text.split(";" if several else ",")))
    for value in values:
        alone = value.rpartition("=")[2].strip() if key == ACTIVATION else value
        try:
            read = kind.read(alone)
            kind.check(read)
        except ValueError as fault:
            shown = f'"{alone}"' if isinstance(read, str) else alone
            point = suggest_point(text) if isinstance(kind, FiniteNumber) and text.startswith("0,") else ""
            told = "; ".join(filter(None, [f"{shown} must be {fault}", point]))
            raise UserError(f"--vary {key}={value}: {told}") from fault
    return key, values


def list_comma_hints(words: Sequence[str]) -> list[str]:
    """Return what became of numbers that were typed with a comma for the point, in words that ``make_plan`` takes."""
    parts = [word.partition("=") for word in words]
    numbers = [(key, text) for key, _, text in parts if isinstance(_KINDS.get(name_flag(key.strip())), FiniteNumber)]
    return [f"--vary {key}: {hint}" for key, text in numbers if (hint := describe_taken_apart(text))]


def _make_setting(table: Table, varied: Mapping[str, str], places: Sequence[str], seeds: range | None) -> Setting:
    texts = {_NAMES[key]: text for key, text in varied.items() if key != ACTIVATION}
    layers = [(key, varied.get(f"{ACTIVATION}-{key}")) for key in (*HIDDEN_KEYS, OUTPUT)]
    activations = [varied[ACTIVATION]] if ACTIVATION in varied else []
    activations += [f"{name}={text}" for name, text in layers if text]  # a layer's own comes after that of all layers
    try:
        spec = Spec.from_table(merge_tables(table, read_changes(texts, activations, places)))
    except SpecError as error:
        name = " ".join(f"{key}={text}" for key, text in varied.items())
        raise UserError("\n".join(f"--vary {name}: {fault}" for fault in error.faults)) from error
    if seeds is None or not is_random(spec):
        seeds = range(spec.seed, spec.seed + 1)
    return Setting(varied, spec, seeds)
