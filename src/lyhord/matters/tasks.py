"""Visiting sources when it is their turn."""

import logging

from django.tasks import task

from lyhord.core.actor import Actor
from lyhord.core.errors import LyhordError
from lyhord.core.tenancy import organisation_scope
from lyhord.jobs.options import job_options
from lyhord.jobs.schedule import daily, every
from lyhord.matters.actions import mailed, sources
from lyhord.matters.models import Source
from lyhord.matters.papers import Taken
from lyhord.matters.polite import Web
from lyhord.matters.source import SOURCES, Batch, Errand
from lyhord.organisations.models import Organisation

log = logging.getLogger(__name__)

SYSTEM = Actor.system("matters")
TRIED = 5
BEHIND_OTHERS = -20  # reading many papers may take minutes: people's mail and reports go first


@every(minutes=5)
@task()
def visit_sources() -> None:
    """Queue a visit for each source whose turn it is."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            for source_id in sources.claim_due():
                visit.enqueue(organisation_id=organisation_id, source_id=source_id)


@task(priority=BEHIND_OTHERS)
@job_options(max_attempts=2, one_waiting=True)
def visit(organisation_id: int, source_id: int) -> None:
    """One turn: ask the source outside any transaction, then keep each paper in one of its own."""
    organisation = Organisation.objects.get(pk=organisation_id)
    with organisation_scope(organisation_id):
        source = Source.objects.filter(pk=source_id, active=True).first()
    if source is None:
        return
    try:
        batch = ask(organisation.slug, source)
    except LyhordError as failed:
        with organisation_scope(organisation_id):
            sources.went_wrong(source_id=source_id, error=str(failed), by=SYSTEM)
        return
    changed = 0
    for paper in batch.papers:
        with organisation_scope(organisation_id):
            changed += sources.take_in(source_id=source_id, paper=paper, by=SYSTEM)
    with organisation_scope(organisation_id):
        sources.went_well(source_id=source_id, batch=batch, changed=changed, by=SYSTEM)


def ask(slug: str, source: Source, *, most: int = 20, afresh: bool = False) -> Batch:
    """What a source has that is new; `afresh` asks as if for the first time, to try it out. Outside any scope."""
    plugin = SOURCES.get(source.kind)
    cursor = {} if afresh else source.cursor
    with organisation_scope(source.organisation_id):
        letters = mailed.waiting_for(source, most=most)
    errand = Errand(organisation=slug, config=source.config, cursor=cursor, web=Web(), most=most, mailed=letters)
    return plugin.fetch(errand)


@task()
@job_options(max_attempts=1, one_waiting=True)
def try_out(organisation_id: int, source_id: int) -> None:
    """Ask a source for a few papers and show how they would be read. Nothing is kept."""
    organisation = Organisation.objects.get(pk=organisation_id)
    with organisation_scope(organisation_id):
        source = Source.objects.filter(pk=source_id).first()
    if source is None:
        return
    papers: tuple[Taken, ...] = ()
    error = ""
    try:
        papers = ask(organisation.slug, source, most=TRIED, afresh=True).papers
    except LyhordError as failed:
        error = str(failed)
    with organisation_scope(organisation_id):
        sources.end_trial(source_id=source_id, papers=papers, error=error)


@daily("06:40")
@task()
def tell_of_silent_sources() -> None:
    """A source that says nothing is mostly broken in a way that nobody notices."""
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with organisation_scope(organisation_id):
            sources.tell_of_silence(by=SYSTEM)
            mailed.forget_letters()
