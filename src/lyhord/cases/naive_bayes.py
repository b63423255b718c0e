"""Multinomial naive Bayes over stems, kept as counts in plain JSON.

Source: Manning, Raghavan, Schütze, *Introduction to Information Retrieval* (2008), chapter 13. Two changes. The prior
is damped, since rare types are those that people need help to find. The answer is cooled by a temperature fitted by
leaving each case out once, since naive Bayes is otherwise far too sure of itself.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lyhord.cases.features import features
from lyhord.core.stems import EMPTY_STEMS, stems

SMOOTHING = 0.25
MAX_STEMS = 20_000
FITTED_ON = 400
"""Cases that the temperature is fitted on; more change nothing."""
TEMPERATURES = (0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0)


def count(examples: Sequence[tuple[str, int]], types: int) -> dict[str, Any]:
    """The counts of (text, type index) pairs: `counts`, `per_type` and the fitted `temperature`, as JSON.

    Stems of one case only are left out: they teach nothing, and names and places stay out of the model.
    """
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    for text, code in examples:
        for stem in set(stems(text)) - EMPTY_STEMS:
            seen[stem][code] += 1
    common = sorted(seen, key=lambda stem: (-seen[stem].total(), stem))[:MAX_STEMS]
    counts = {stem: sorted(seen[stem].items()) for stem in common if seen[stem].total() > 1}
    per_type = Counter(code for _, code in examples)
    model = {
        "counts": {stem: [list(entry) for entry in entries] for stem, entries in counts.items()},
        "per_type": [per_type[code] for code in range(types)],
    }
    return {**model, "temperature": _temperature(model, examples)}


class NaiveBayes:
    """Probabilities from the counts. What an unknown stem says is in `_floor`; a known one adds its gain to it."""

    def __init__(self, model: Mapping[str, Any], *, temperature: float | None = None) -> None:
        self.stems = frozenset(model["counts"])
        self._temperature = float(model["temperature"]) if temperature is None else temperature
        totals = [0] * len(model["per_type"])
        for entries in model["counts"].values():
            for code, n in entries:
                totals[code] += n
        self._room = SMOOTHING * max(len(self.stems), 1)
        self._totals = totals
        self._floor = [math.log(SMOOTHING / (total + self._room)) for total in totals]
        self._gains = {
            stem: [(code, math.log((n + SMOOTHING) / SMOOTHING)) for code, n in entries]
            for stem, entries in model["counts"].items()
        }
        self._prior = [0.5 * math.log(n) if n else None for n in model["per_type"]]

    def probabilities(self, found: Mapping[str, float], *, left_out: int | None = None) -> list[float]:
        """How likely each type is, by stems and their strength; the sum is 1. A type without cases gets 0.

        `left_out` is the type of a case that was counted and is not to be: its own stems are taken away again.
        """
        known = {stem: strength for stem, strength in found.items() if stem in self._gains}
        mass = sum(known.values())
        scores = [
            None if prior is None else prior + mass * floor
            for prior, floor in zip(self._prior, self._floor, strict=True)
        ]
        for stem, strength in known.items():
            for code, gain in self._gains[stem]:
                here = scores[code]
                if here is not None:
                    scores[code] = here + strength * (self._without_one(gain) if code == left_out else gain)
        top = max((score for score in scores if score is not None), default=0.0)
        shares = [0.0 if score is None else math.exp((score - top) * self._temperature) for score in scores]
        total = sum(shares) or 1.0
        return [share / total for share in shares]

    @staticmethod
    def _without_one(gain: float) -> float:
        """The gain of a stem that one case fewer had."""
        return math.log(max(math.exp(gain) * SMOOTHING - 1, SMOOTHING) / SMOOTHING)


def _temperature(model: Mapping[str, Any], examples: Sequence[tuple[str, int]]) -> float:
    """The temperature that makes left-out cases likeliest: a confidence of 0.7 should be right seven times of ten."""
    step = max(1, len(examples) // FITTED_ON)
    tried = examples[::step]

    def surprise(temperature: float) -> float:
        bayes = NaiveBayes(model, temperature=temperature)
        return -sum(
            math.log(max(bayes.probabilities(features(text, bayes.stems), left_out=code)[code], 1e-6))
            for text, code in tried
        )

    return min(TEMPERATURES, key=surprise)
