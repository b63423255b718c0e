"""What a question to somebody who reported says by itself, in the language of the case."""

from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from lyhord.cases import tongues
from lyhord.cases.models import Case


def waits_for(case: Case) -> str:
    """What the case waits for, as the end of "Väntar på …"."""
    with translation.override(tongues.of_answer(case)):
        return gettext("svar från dig")


def silence(case: Case, asked: date) -> tuple[str, str]:
    """Why the case ends, and what is said to whoever did not answer."""
    with translation.override(tongues.of_answer(case)):
        reason = gettext("Vi fick inget svar på vår fråga.")
        message = gettext(
            "Vi ställde en fråga till dig den %(day)s och har inte fått något svar. Därför avslutar vi ärendet nu. "
            "Skriv till oss här om du vill att vi tar upp det igen."
        )
        return reason, message % {"day": date_format(asked, "j F")}
