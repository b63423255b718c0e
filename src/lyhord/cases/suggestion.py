"""Which case type a text is probably about: learnt from the organisation's own cases, with how sure it is.

Two guesses are mixed. Word lists from the case types' descriptions work from the first day; naive Bayes over the
organisation's own decided cases takes over as they grow in number. Everything happens in this process.

The model is plain JSON, stored per organisation.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lyhord.cases.description import CaseTypeDescription
from lyhord.cases.features import features
from lyhord.cases.naive_bayes import FITTED_ON, NaiveBayes, count
from lyhord.core.stems import EMPTY_STEMS, stems

LEARN_FROM = 30
"""With fewer cases than this the word lists decide alone."""
THRESHOLD = 0.4
"""Below this nothing is suggested: no guess is better than a wrong one."""
LONGEST_READ = 4000
"""Characters; what a text is about is said by then."""

_NAME_WEIGHT = 0.4
_STEEPNESS = 1.5
_SOMETHING_ELSE = 1.5
_TRUSTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A case type's code, and how sure the guess is: 0 to 1."""

    code: str
    confidence: float


class Suggester:
    """Suggests from a model that `build_model` made; may be shared between threads."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._codes: list[str] = list(model["types"])
        self._words: Mapping[str, Sequence[tuple[int, float]]] = model["words"]
        self._phrases = [(frozenset(said), code, weight) for said, code, weight in model["phrases"]]
        self._trust = float(model.get("trust", 0.0))
        self._bayes = NaiveBayes(model["bayes"]) if "bayes" in model else None
        self._vocabulary = frozenset(self._words).union(
            *(said for said, _, _ in self._phrases), self._bayes.stems if self._bayes else ()
        )

    def suggest(
        self, text: str, *, limit: int = 3, threshold: float = THRESHOLD, only: Iterable[str] | None = None
    ) -> list[Suggestion]:
        """The likeliest case types, surest first; [] when not even the first is sure enough.

        With `only`, no other codes come.
        """
        sure = self._confidences(text[:LONGEST_READ])
        wanted = set(self._codes if only is None else only)
        ranked = sorted(
            (Suggestion(code, round(confidence, 3)) for code, confidence in sure.items() if code in wanted),
            key=lambda suggestion: (-suggestion.confidence, suggestion.code),
        )
        if not ranked or ranked[0].confidence < threshold:
            return []
        return [suggestion for suggestion in ranked[:limit] if suggestion.confidence > 0.02]

    def _confidences(self, text: str) -> dict[str, float]:
        by_words, by_cases = self.guesses(text)
        mixed = by_words
        if by_cases is not None:
            trust = self._trust if any(by_words) else max(self._trust, 0.5)
            mixed = [(1 - trust) * words + trust * cases for words, cases in zip(by_words, by_cases, strict=True)]
        return dict(zip(self._codes, mixed, strict=True))

    def guesses(self, text: str, *, left_out: int | None = None) -> tuple[list[float], list[float] | None]:
        """What the word lists say and what the cases say, by type; None where no case has any of the words.

        `left_out` is the type of a case that was learnt from and is to be judged as if it had not been.
        """
        found = features(text, self._vocabulary)
        by_words = self._by_words(found)
        if self._bayes is None or self._bayes.stems.isdisjoint(found):
            return by_words, None
        return by_words, self._bayes.probabilities(found, left_out=left_out)

    def _by_words(self, found: Mapping[str, float]) -> list[float]:
        """Each type's share of the evidence. "Something else" has one too, so that a lone weak word is no certainty."""
        scores = [0.0] * len(self._codes)
        for stem, strength in found.items():
            for code, weight in self._words.get(stem, ()):
                scores[code] += weight * strength
        for said, code, weight in self._phrases:
            if said <= found.keys():
                scores[code] += weight * min(found[stem] for stem in said)
        shares = [math.expm1(min(_STEEPNESS * score, 50.0)) for score in scores]
        total = sum(shares) + _SOMETHING_ELSE
        return [share / total for share in shares]


def build_model(
    descriptions: Iterable[CaseTypeDescription], examples: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """The model as JSON: word lists of the descriptions, and counts of (text, type code) pairs of decided cases.

    Pairs whose code no description has are left out, so that a type that is gone is never suggested.
    """
    types = list(descriptions)
    codes = {description.code: index for index, description in enumerate(types)}
    words, phrases = _word_lists(types)
    known = [(text[:LONGEST_READ], codes[code]) for text, code in examples if code in codes]
    model: dict[str, Any] = {"types": list(codes), "words": words, "phrases": phrases}
    if len(known) >= LEARN_FROM:
        model["bayes"] = count(known, len(types))
        model["trust"] = _trust(model, known)
    return model


def _trust(model: Mapping[str, Any], known: Sequence[tuple[str, int]]) -> float:
    """How much the cases weigh against the word lists: what makes the known cases likeliest, each left out once.

    Few cases, or cases decided at random, get no say; many that agree get nearly all of it.
    """
    suggester = Suggester(model)
    step = max(1, len(known) // FITTED_ON)
    right = []
    for text, code in known[::step]:
        by_words, by_cases = suggester.guesses(text, left_out=code)
        if by_cases is not None:
            right.append((by_words[code], by_cases[code]))

    def surprise(trust: float) -> float:
        return -sum(math.log(max((1 - trust) * words + trust * cases, 1e-3)) for words, cases in right)

    return min(_TRUSTS, key=surprise)


def _word_lists(types: Sequence[CaseTypeDescription]) -> tuple[dict[str, list[list[float]]], list[list[Any]]]:
    """Stem → [type index, weight], and phrases: [stems, type index, weight].

    A word that several types claim is worth less to each of them.
    """
    claims: dict[str, dict[int, float]] = defaultdict(dict)
    phrases = []
    for index, description in enumerate(types):
        for stem in stems(description.title("sv")):
            if stem not in EMPTY_STEMS:
                claims[stem][index] = _NAME_WEIGHT
        for entry in description.words:
            said = sorted(set(stems(entry)))
            if len(said) == 1 and said[0] not in EMPTY_STEMS:
                claims[said[0]][index] = 1.0
            elif len(said) > 1:
                phrases.append([said, index, 1.0 + 0.25 * (len(said) - 1)])
    words = {
        stem: [
            [index, round(weight / max(sum(claim.values()), 1.0) ** 0.75, 3)] for index, weight in sorted(claim.items())
        ]
        for stem, claim in sorted(claims.items())
    }
    return words, phrases
