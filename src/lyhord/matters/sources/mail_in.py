"""Papers that are mailed to an address of the source's own, as files or as links to files."""

import hashlib

from django.utils.translation import gettext_lazy as _

from lyhord.matters.incoming import as_taken
from lyhord.matters.linked_papers import Listed, taken
from lyhord.matters.papers import Taken
from lyhord.matters.source import Batch, Errand, Mailed, MatterSource, Setting


class MailIn(MatterSource):
    """A mailbox. The same file again is the same paper, and so is the same link."""

    slug = "mail_in"
    order = 15
    label = _("Mejl")
    help = _("Kallelser och protokoll som mejlas till en egen adress: pdf, html eller text, bifogade eller som länkar.")
    by_mail = True
    settings = (
        Setting(
            "senders",
            _("Vilka som får skicka"),
            _("Mejladresser, eller @domän för alla på en domän. Mellanrum eller komma emellan."),
        ),
        Setting(
            "word",
            _("Ord i adressen"),
            _("Frivilligt. Byt ordet om adressen har kommit i fel händer: då gäller den gamla inte längre."),
            required=False,
        ),
    )

    def fetch(self, errand: Errand) -> Batch:
        read = errand.mailed[: errand.most]
        papers = {paper.key: paper for paper in (_paper(errand, one) for one in read)}
        more = len(errand.mailed) > len(read)
        return Batch(papers=tuple(papers.values()), read=tuple(one.id for one in read), more=more)


def _paper(errand: Errand, one: Mailed) -> Taken:
    if one.url:
        return taken(errand, Listed(key=one.url.partition("#")[0], mark="", url=one.url, name=one.name))
    key = hashlib.sha256(one.data).hexdigest()  # next month's agenda may have the same name
    return as_taken(key=key, name=one.name, data=one.data, content_type=one.content_type)
