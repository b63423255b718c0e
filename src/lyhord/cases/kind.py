"""What a kind of case is: the contract of the plug-ins in `kinds/`, and the one place that loads them.

A kind is how a resident begins ("Något är trasigt") and what the work then asks for: a fault asks what was done, a
complaint what will be better, praise only a thank-you. What differs between municipalities is data in the case type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from lyhord.cases.states import CHANGES, CLOSED, NEEDS_DATE, WORDS, State, StateWords, sentence
from lyhord.core.errors import Invalid, Text
from lyhord.core.registry import Registry


@dataclass(frozen=True, slots=True)
class ClosingField:
    """One thing that staff fill in when a case of the kind is closed.

    It must be filled in when the new state is one of `required_in`, and is asked for in no others.
    """

    name: str
    label: Text
    hint: Text
    missing: Text
    required_in: frozenset[State]


class Kind:
    """One kind of case. Subclasses set the attributes; nothing here reads the database."""

    slug: ClassVar[str] = ""
    order: ClassVar[int] = 100
    label: ClassVar[Text]
    """The noun, for staff and settings: "Felanmälan"."""
    title: ClassVar[Text]
    """What a resident chooses on the start page: "Något är trasigt"."""
    help: ClassVar[Text]
    icon: ClassVar[str]
    heading: ClassVar[Text]
    lead: ClassVar[Text] = _("Bara ett fält måste fyllas i: vad det gäller.")
    text_question: ClassVar[Text]
    text_hint: ClassVar[Text] = _("En mening räcker. Skriv inte känsliga uppgifter om dig själv eller andra.")
    text_missing: ClassVar[Text]
    """What the form says when the text is empty."""
    asks_place: ClassVar[bool]
    asks_photo: ClassVar[bool]
    photo_suffices: ClassVar[bool] = False
    """Whether a picture without a word says what it is about."""
    asks_outcome: ClassVar[bool] = True
    """Whether the reporter is asked afterwards if it became good."""
    answer_days: ClassVar[int]
    """Working days to the answer when neither the case type nor the organisation says otherwise."""
    states: ClassVar[frozenset[State]] = frozenset(State)
    state_words: ClassVar[Mapping[State, StateWords]] = {}
    steps: ClassVar[tuple[Text, ...]]
    """What happens after "we have got it", for the receipt; each a short sentence."""
    closing_fields: ClassVar[tuple[ClosingField, ...]] = ()
    default_messages: ClassVar[Mapping[State, Text]] = {
        State.DUPLICATE: _("Någon har redan berättat om samma sak. Nu följer du det och får samma svar."),
    }
    """What staff may send as it stands when they close: offered in the form, never sent by itself."""

    def words(self, state: State) -> StateWords:
        """How the state is said about this kind: a question is answered, not mended."""
        return self.state_words.get(state, WORDS[state])

    def onward(self, state: State) -> list[State]:
        """Where staff may take a case of the kind from a state; merging is a deed of its own."""
        return [to for to in State if to in CHANGES[state] & self.states and to is not State.DUPLICATE]

    def sentence(self, state: State, *, reason: str = "", until: date | None = None) -> str:
        """The state as residents read it, in this kind's words, with its reason and date."""
        if state in NEEDS_DATE:
            return sentence(state, reason=reason, until=until)
        return str(self.words(state).resident)

    def nearest(self, state: State) -> State:
        """Where a case lands when it becomes one of this kind: its state, else open or closed as it was."""
        if state in self.states:
            return state
        return State.RESOLVED if state in CLOSED else State.IN_PROGRESS

    def closing(self, state: State) -> tuple[ClosingField, ...]:
        """What the form asks for when a case is closed in that state."""
        return tuple(field for field in self.closing_fields if state in field.required_in)

    def check_state(self, state: State) -> None:
        """Raise Invalid when cases of this kind are never in that state."""
        if state not in self.states:
            raise Invalid({"state": _("Det läget används inte för den här sorten.")}, "state_of_kind")

    def check_closing(self, state: State, given: Mapping[str, str]) -> None:
        """Raise Invalid with a sentence per closing field that is asked for and empty."""
        missing: dict[str, Text] = {
            field.name: field.missing for field in self.closing(state) if not given.get(field.name, "").strip()
        }
        if state in CLOSED and missing:
            raise Invalid(missing)


KINDS: Registry[Kind] = Registry("lyhord.cases.kinds", Kind)
