"""What a text is about: a vocabulary of topics, whose words are known in every form and as heads of compounds.

A word counts as it stands ("skola"), by its stem ("skolorna"), and as the last part of a longer word where the
vocabulary says so ("gymnasieskolan" ends in "skolan"). Stems are the same as everywhere in matching (core/stems.py).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lyhord.core.stems import stems

_DATA = Path(__file__).parent / "data/topics.json"
_WORD = re.compile(r"[^\W\d_]{2,60}(?:-[^\W\d_]{2,40})*")
SHORTEST_HEAD = 4
MOST = 5
IN_TEXT = 3
"""How often a topic's words must stand in the text to count where the heading has none of them."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic that residents can choose."""

    code: str
    names: dict[str, str]
    stems: frozenset[str]
    phrases: tuple[str, ...]
    heads: tuple[str, ...]

    def name(self, language: str) -> str:
        """In that language, else in Swedish."""
        return self.names.get(language) or self.names["sv"]


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic and the words that told it."""

    code: str
    evidence: str


@cache
def topics() -> dict[str, Topic]:
    """The vocabulary, by code, in its order."""
    found = {}
    for row in json.loads(_DATA.read_text(encoding="utf-8")):
        words = [word for word in row["words"] if " " not in word and "-" not in word]
        phrases = tuple(word for word in row["words"] if word not in words)
        known = frozenset(stem for word in words for stem in stems(word)) | frozenset(words)
        heads = {ending for head in row["heads"] for ending in (head, *_stem(head))}
        longest = tuple(sorted((head for head in heads if len(head) >= SHORTEST_HEAD), key=len, reverse=True))
        found[row["code"]] = Topic(row["code"], row["names"], known, phrases, longest)
    return found


def find_topics(heading: str, text: str = "") -> list[FoundTopic]:
    """At most MOST topics, those of the heading first; then those that the text speaks of again and again."""
    found: dict[str, FoundTopic] = {}
    for code, evidence in _said(heading):
        found.setdefault(code, FoundTopic(code, evidence))
    counted: dict[str, list[str]] = {}
    for code, evidence in _said(text):
        counted.setdefault(code, []).append(evidence)
    for code, words in sorted(counted.items(), key=lambda pair: -len(pair[1])):
        if len(words) >= IN_TEXT:
            found.setdefault(code, FoundTopic(code, ", ".join(dict.fromkeys(words))[:200]))
    return list(found.values())[:MOST]


def _said(text: str) -> Iterator[tuple[str, str]]:
    lowered = text.casefold()
    for word in _WORD.findall(lowered):
        for code in _of_word(word):
            yield code, word
    for topic in topics().values():
        for phrase in topic.phrases:
            for _each in range(lowered.count(phrase)):
                yield topic.code, phrase


@cache
def _of_word(word: str) -> tuple[str, ...]:
    stem = _stem(word)
    return tuple(topic.code for topic in topics().values() if _tells(topic, word, stem))


def _tells(topic: Topic, word: str, stem: tuple[str, ...]) -> bool:
    if word in topic.stems or any(each in topic.stems for each in stem):
        return True
    return any(len(form) > len(head) + 1 and form.endswith(head) for form in (word, *stem) for head in topic.heads)


def _stem(word: str) -> tuple[str, ...]:
    return tuple(stems(word)[-1:])
