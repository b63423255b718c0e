"""What those who may not know who somebody is are shown of what that person said, and of where they are."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import Staff
from lyhord.cases.masking import find, finds_any, masked
from lyhord.cases.models import Case, Reporter


def may_know(staff: Staff, case: Case, reporter: Reporter | None = None) -> bool:
    """Whether the person may know who the reporter is and where."""
    protected = case.protected or (reporter is not None and reporter.protected)
    return not protected or staff.may(Permission.SEE_PROTECTED)


@dataclass(frozen=True, slots=True)
class Veil:
    """Takes away what tells who somebody is; without a reporter to hide it changes nothing."""

    words: re.Pattern[str] | None = None
    on: bool = False

    @classmethod
    def over(cls, staff: Staff, case: Case, reporter: Reporter | None) -> "Veil":
        """The veil for one reader and one case."""
        if may_know(staff, case, reporter):
            return cls()
        known = [case.place_text, *case.place_text.split()]
        if reporter is not None:
            known += [reporter.name, *reporter.name.split(), reporter.email, reporter.phone]
            known += [reporter.organisation_name, *reporter.organisation_name.split(), reporter.organisation_number]
        return cls(finds_any(known), on=True)

    def __call__(self, text: str) -> str:
        """The text, with everything that looks like personal data and all that is known of the reporter taken out."""
        if not self.on:
            return text
        text = masked(text, find(text))
        return self.words.sub(_("[borttaget]"), text) if self.words else text
