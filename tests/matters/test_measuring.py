"""How well the database has linked: the real pair read in as from a folder, against the gold made by hand."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lyhord.matters import actions
from lyhord.matters.incoming import as_taken
from lyhord.matters.models import Item, Matter, MatterEvent
from lyhord.organisations.models import Organisation
from tests.matters.papers import TEST

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.1")]
PAIR = Path(__file__).parent / "data/kungsbacka"


def read_in() -> None:
    for path in sorted(PAIR.glob("*.md")):
        if path.name != "SOURCE.md":
            taken = as_taken(key=path.name, name=path.name, data=path.read_bytes())
            actions.read_document(taken=replace(taken, body="Byggnadsnämndens arbetsutskott"), by=TEST)


def test_the_database_links_every_matter_of_a_real_pair(motala: Organisation) -> None:
    read_in()
    out = StringIO()
    call_command("measure_linking", PAIR, PAIR / "gold.tsv", stored=motala.slug, stdout=out)
    assert out.getvalue().splitlines() == [
        "papers 2, items 24, links in gold 12, made 12",
        "precision 1.000 (12 of 12)",
        "recall 1.000 (12 of 12)",
    ]
    assert Matter.objects.filter(merged_into=None).count() == 12
    assert Matter.objects.get(title__startswith="BUERA").kind == "permit"
    assert Item.objects.get(number=74).result == "rejected"
    before = MatterEvent.objects.count()
    read_in()
    assert MatterEvent.objects.count() == before


def test_what_is_not_read_in_cannot_be_measured(motala: Organisation) -> None:
    for slug, said in ((motala.slug, "no such papers"), ("finnsinte", "does not exist")):
        with pytest.raises(CommandError, match=said):
            call_command("measure_linking", PAIR, PAIR / "gold.tsv", stored=slug)
