"""What others may read of a case that is put in the common queue: nothing that looks like personal data."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lyhord.cases.masking import find, finds_any, masked
from lyhord.cases.models import Case, Reporter
from lyhord.core.errors import Text

_PROTECTED = _("Ärendet har skyddade personuppgifter. Det stannar hos er.")
_CONFIDENTIAL = _("Ärendet omfattas av sekretess. Det stannar hos er.")
_CLOSED = _("Ärendet är avslutat. Det finns inget att ta över.")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Title, text and place as others read them."""

    title: str
    text: str
    place_text: str


def snapshot(case: Case, reporter: Reporter | None, *, title: str | None = None, text: str | None = None) -> Snapshot:
    """The case without what tells who its reporter is; `title` and `text` are as somebody has read them through."""
    hide = finds_any([reporter.name, *reporter.name.split(), reporter.email, reporter.phone] if reporter else [])

    def clean(said: str) -> str:
        said = masked(said, find(said))
        return hide.sub("[borttaget]", said) if hide else said  # Swedish, as what `masked` puts there

    return Snapshot(
        title=clean(case.title if title is None else title)[:200],
        text=clean(case.text if text is None else text),
        place_text=clean(case.place_text)[:200],
    )


def hindrance(case: Case, reporter: Reporter | None) -> Text | None:
    """Why the case may not be shown to other organisations, or None."""
    if case.protected or (reporter is not None and reporter.protected):
        return _PROTECTED
    if case.confidential or case.unit.confidential or case.version.description.confidential:
        return _CONFIDENTIAL
    if not case.open:
        return _CLOSED
    return None
