"""Feeds of political matters: what followers are told, for readers by others."""

import json

import feedparser
import pytest
from django.test import Client

from lyhord.audit.actions import record
from lyhord.core.tenancy import organisation_scope
from lyhord.following.news_actions import publish
from lyhord.matters.interest import interest_of
from lyhord.matters.models import Matter
from lyhord.organisations.models import Organisation
from lyhord.organisations.queries import forget_hosts
from tests.matters.papers import TEST, three_boards

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("3.13", "P4")]


def test_the_news_of_matters_in_three_formats(web: Client, motala: Organisation) -> None:
    assert web.get("/flode/beslut.atom").status_code == 404  # not turned on
    Organisation.objects.filter(pk=motala.pk).update(features={"matters": True})
    forget_hosts()
    with organisation_scope(motala.pk):
        three_boards()
        matter = Matter.objects.get()
        for level, what in ((2, "Tas upp på ett möte"), (3, "Beslut")):
            event = record(verb="matter.decided", subject_type="matter", subject_id=matter.pk, by=TEST, level=level)
            facts = interest_of(matter)
            publish(event=event, title="Nya <lampor>", what=what, path=f"/beslut/{matter.pk}/", facts=facts, by=TEST)
    ids = set()
    for ending, version in (("rss", "rss20"), ("atom", "atom10")):
        read = feedparser.parse(web.get(f"/flode/beslut.{ending}").content)
        assert (read.bozo, read.version) == (False, version)
        assert [entry.title.rpartition(": ")[2] for entry in read.entries] == ["Beslut", "Tas upp på ett möte"]
        assert read.entries[0].link == f"https://motala.localhost/beslut/{matter.pk}/"
        ids.add(read.entries[0].id)
    found = json.loads(web.get("/flode/beslut.json?niva=3").content)
    assert [item["title"] for item in found["items"]] == ["Nya <lampor>: Beslut"]
    assert {found["items"][0]["id"]} == ids
    assert found["feed_url"].endswith("/flode/beslut.json?niva=3")
    assert json.loads(web.get("/flode/beslut.json?amne=school").content)["items"] == []
    assert len(json.loads(web.get("/flode/beslut.json?q=gatubelysning").content)["items"]) == 2
    answer = web.get("/flode/beslut.rss")
    again = web.get("/flode/beslut.rss", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    with organisation_scope(motala.pk):
        Matter.objects.update(hidden=True)
    assert json.loads(web.get("/flode/beslut.json").content)["items"] == []
