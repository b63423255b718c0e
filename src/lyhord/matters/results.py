"""What a body did with an item, told from the words of its decision.

Minutes have few ways to say it, and one word may stand in several: "avslå motionen" is a no to the motion, but
"avslå återremissyrkandet" says nothing of the matter. So the decision's first sentences are read, the surest form
first.
"""

import re

from lyhord.matters.models import Item

_SENTENCES = 6
_R = Item.Result
_FORMS: tuple[tuple[Item.Result, re.Pattern[str]], ...] = tuple(
    (result, re.compile(rf"(?i)\b(?:{form})"))
    for result, form in (
        (_R.DROPPED, r"(?:ärendet|punkten) (?:utgår|går ut|stryks|dras tillbaka)|tas bort från (?:dag|före)"),
        (_R.REFERRED_BACK, r"återremittera(?:s|r)?\b|(?:bifalla|bifaller) återremiss"),
        (
            _R.POSTPONED,
            r"bordlägg(?:a|s|er)\b|skjut(?:a|s|er) upp (?:ärendet|beslutet)|(?:ärendet|beslutet) skjuts upp",
        ),
        (
            _R.ENDORSED,
            r"föreslår\b|föreslå (?:kommun|region|att)|tillstyrk(?:a|er|s)\b|förslag till (?:beslut i )?kommun",
        ),
        (_R.ANSWERED, r"(?:anse|ska anses|anses?)\b.{0,80}\bbesvara[dt]|besvara (?:motion|medborgar|revision)"),
        (_R.REJECTED, r"avslå(?:s|r)?\b|negativt (?:förhands|plan)besked|neka(?:s|r)?\b|avvisa(?:s|r)?\b|inte bevilja"),
        (
            _R.APPROVED,
            "|".join(
                (
                    r"bifall(?:a|er|es)\b|bevilja(?:s|r)?\b|anta(?:s|r|ga)?\b|godkänn(?:a|er|s)\b|fastställ(?:a|er|s)\b",
                    r"positivt (?:förhands|plan)besked|ge(?:r|s)? (?:bygglov|startbesked|förhandsbesked)",
                    r"lämnar? (?:bygglov|förhandsbesked)|medge(?:s|r)?\b|anvisa(?:s|r)?\b|anslå(?:s|r)?\b",
                    r"återta(?:r|s)?\b|uppdra(?:r|s|ga)?\b|inrätta(?:r|s)?\b|utse(?:s|r)?\b|välj(?:a|er|s)\b|skicka(?:s|r)?\b|sända\b",
                    r"påbörja\b|ställa ut|teckna\b|köpa\b|sälja\b",
                )
            ),
        ),
        (_R.NOTED, r"anteckna(?:s|r)?\b|lägg(?:a|s|er) .{0,60}till handlingarna|not(?:era|eras|erar)\b|tar? del av"),
    )
)
_ABOUT_A_MOTION = re.compile(r"(?i)(?:avslå|bifalla) (?:återremiss|bordläggning|ajournering|tilläggs?)\w*yrkand\w*")
_OPENS = re.compile(
    r"(?is)\b(?:skicka|sända?|ställa|genomföra|godkänn|hålla|påbörja|remittera)\w*\b[^.]{0,120}"
    r"\b(samråd|granskning|remiss|utställning)\w*"
)


def result_of(decision: str) -> str:
    """A value of Item.Result; "" where the words do not tell."""
    text = _ABOUT_A_MOTION.sub("", " ".join(decision.split()))
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])", text)[:_SENTENCES]
    for sentence in sentences:
        for result, form in _FORMS:
            if form.search(sentence):
                return result.value
    return ""


def opens(heading: str, decision: str) -> str:
    """ "consultation" or "review" when the decision lets people have their say; else ""."""
    found = _OPENS.search(decision)
    if not found:
        return ""
    plan_word = found[1].lower()
    return "review" if plan_word in {"granskning", "utställning"} and "plan" in heading.casefold() else "consultation"
