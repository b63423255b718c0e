"""The organisation's own words in languages that the pages are not translated to."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lyhord.accounts.permissions import Permission
from lyhord.accounts.staff import StaffRequest, requires
from lyhord.core.forms import PlainForm
from lyhord.core.text import clean_text
from lyhord.organisations.actions import change_organisation
from lyhord.organisations.models import Organisation
from lyhord.www.manage.frame import page

LENGTH = 2000


class OwnWordsForm(PlainForm):
    """One text for each language, named by its code."""

    def __init__(self, organisation: Organisation, data: Any = None) -> None:
        super().__init__(data, initial=organisation.own_words, use_required_attribute=False)
        for code, name in settings.OWN_WORDS_LANGUAGES.items():
            self.fields[code] = forms.CharField(
                label=name,
                required=False,
                max_length=LENGTH,
                widget=forms.Textarea(attrs={"rows": 5, "lang": code}),
                error_messages={
                    "max_length": _("Texten är för lång. Den får vara högst %(limit)s tecken.") % {"limit": LENGTH}
                },
            )

    def said(self) -> dict[str, str]:
        """The texts that are not empty."""
        given = {code: clean_text(self.cleaned_data[code]) for code in self.fields}
        return {code: words for code, words in given.items() if words}


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def own_words(request: StaffRequest) -> HttpResponse:
    """A language with words can be chosen by residents; without words it can not."""
    organisation = Organisation.objects.get(pk=request.organisation.pk)
    form = OwnWordsForm(organisation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        if said != organisation.own_words:
            _change(organisation, said, request)
        messages.success(request, _("Sparat."))
        return redirect("manage:own_words")
    status = 422 if request.method == "POST" else 200
    return page(request, "own_words", "sprak", {"form": form}, status=status)


def _change(organisation: Organisation, said: dict[str, str], request: StaffRequest) -> None:
    kept = [code for code in organisation.languages if code not in settings.OWN_WORDS_LANGUAGES]
    values = {
        "settings": {**organisation.settings, "own_words": said},
        "languages": kept + [code for code in settings.OWN_WORDS_LANGUAGES if code in said],
    }
    change_organisation(organisation=organisation, values=values, by=request.staff.actor)
