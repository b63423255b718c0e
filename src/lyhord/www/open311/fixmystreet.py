"""What FixMyStreet and its relatives, FixaMinGata among them, do in their own way."""

import re

from lyhord.www.open311.formats import Value

ID = "fixmystreet_id"
_LINK = re.compile(r"https?://[^\s/]{1,200}/report/([0-9]{1,12})\b")
# Their templates; the texts in them may have any number of lines.
_TEMPLATES = (
    re.compile(  # FixaMinGata
        r"Titel:[ ]*(?P<title>[^\n]*)\n+"
        r"Beskrivning:(?P<text>.*?)\n+"
        r"Länk till ärendet:[ ]*[^\n]*"
        r"(?:\n+Skickad via [^\n]*)?",
        re.DOTALL,
    ),
    re.compile(  # the British
        r"title:[ ]*(?P<title>[^\n]*)\n+detail:(?P<text>.*?)\n+url:[ ]*[^\n]*(?:\n+Submitted via [^\n]*)?", re.DOTALL
    ),
    re.compile(rf"(?P<title>[^\n]+)\n\n(?P<text>.+)\n\n{_LINK.pattern}", re.DOTALL),  # all others, Hylte's among them
)


def its_id(order: int) -> dict[str, Value]:
    """A question that nobody is asked: FixMyStreet fills in its own id, by which we know what it sends again.

    It waits five minutes for an answer and then sends the whole report once more, for as long as it takes.
    """
    return {
        "variable": True,
        "code": ID,
        "datatype": "number",
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": "FixMyStreet",
        "automated": "server_set",
    }


def taken_apart(description: str) -> tuple[str, str]:
    """(what somebody wrote, where it is shown there), from a description that is both; the link is "" without one."""
    link = _LINK.search(description)
    found = next(filter(None, (template.fullmatch(description) for template in _TEMPLATES)), None)
    if found is None:
        return description, link[0] if link else ""
    title, text = found["title"].strip(), found["text"].strip()
    both = text if text.startswith(title) else f"{title}\n\n{text}".strip()
    return both or description, link[0] if link else ""


def id_in(link: str) -> str:
    """Its id of a report, from the report's address there; "" when there is none."""
    found = _LINK.search(link)
    return found[1] if found else ""
