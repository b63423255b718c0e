"""Errors carry a sentence for people and a code for machines."""

import pickle

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from lyhord.core.errors import Conflict, Invalid, LyhordError, NotAllowed, NotFound


def test_each_has_a_sentence_and_a_code() -> None:
    for error, code in ((NotAllowed(), "not_allowed"), (NotFound(), "not_found"), (Conflict("Hej."), "conflict")):
        assert isinstance(error, LyhordError)
        assert error.code == code
        assert str(error).endswith(".")


def test_invalid_keeps_a_sentence_per_field() -> None:
    error = Invalid({"text": "Skriv något.", "email": "Skriv en adress."})
    assert error.errors == {"text": "Skriv något.", "email": "Skriv en adress."}
    assert str(error) == "Skriv något."
    assert Invalid("Hela är fel.").errors == {"": "Hela är fel."}
    assert Invalid({}).errors == {}


def test_the_sentence_is_in_the_readers_language_not_the_raisers() -> None:
    error = NotFound(gettext_lazy("No"))  # one of the words that Django itself translates
    with translation.override("en"):
        assert str(error) == "No"
    with translation.override("sv"):
        assert str(error) == "Nej"


@pytest.mark.parametrize("error", [NotAllowed(), NotFound(), Conflict("Hej."), Invalid({"text": "Skriv."})])
def test_the_bare_arguments_hold_the_code_only(error: LyhordError) -> None:
    """So that a log of `args` never holds what a person wrote."""
    assert error.args == (error.code,)
    assert pickle.dumps(str(error))
