"""Those to whom cases go by mail, and what their answers mean: the first word says it."""

import re

from lyhord.cases.models import Case, Message
from lyhord.cases.parties import knows_parties
from lyhord.exchange import inbox
from lyhord.exchange.adapter import News
from lyhord.exchange.lanes import Turn
from lyhord.exchange.models import ChangeKind, Link

ADAPTER = "mail"
DONE, BEGUN, ANSWER = "KLART", "PÅBÖRJAT", "SVAR"
_FIRST = re.compile(rf"\s*({DONE}|{BEGUN}|{ANSWER})\b[\s.,:;!-]*", re.IGNORECASE)


def _link(case_id: int, address: str) -> Link | None:
    links = Link.objects.filter(case_id=case_id, system__adapter=ADAPTER, system__active=True).exclude(remote_id="")
    links = links.filter(system__settings__email__iexact=address).select_related("system")
    return links.order_by("pk").first()


@knows_parties
def their_name(case: Case, address: str) -> str:
    """What whoever has that address is called; "" for those who have not been sent the case."""
    link = _link(case.pk, address)
    return link.system.name if link else ""


def take(case_id: int, message_id: int, address: str) -> list[Turn]:
    """Do what a note that came by mail asks for; without one of the words it is a note, and no more. Raises Busy."""
    link, message = _link(case_id, address), Message.objects.filter(pk=message_id).first()
    turns = list[Turn]()
    if link is not None and message is not None:
        for one in news_in(message, link.remote_id):
            turns += inbox.take(link.system_id, one)
    return turns


def news_in(message: Message, remote_id: str) -> list[News]:
    """An answer to the resident comes before a new state, so that a closing is not told twice."""
    found = _FIRST.match(message.text)
    if found is None:
        return []
    word, text, news = found[1].upper(), message.text[found.end() :].strip(), list[News]()
    if text:
        news.append(News(key=f"m{message.pk}", remote_id=remote_id, kind=ChangeKind.PUBLIC, at=message.at, text=text))
    if word != ANSWER:
        key = f"m{message.pk}s"
        news.append(News(key=key, remote_id=remote_id, kind=ChangeKind.STATE, at=message.at, value=word))
    return news
