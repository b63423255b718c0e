"""A description as JSON that a person can read and change."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lyhord.www.manage.type_forms import Content, VersionForm


def readable_json(content: dict[str, Any]) -> str:
    """Indented, with å, ä and ö as they are, and what every type has first."""
    first = ("schema", "code", "kind", "category", "name", "help")
    ordered = {key: content[key] for key in first if key in content}
    ordered.update({key: value for key, value in content.items() if key not in ordered})
    return json.dumps(ordered, ensure_ascii=False, indent=2)


class AdvancedForm(VersionForm):
    """The whole description as JSON."""

    json = forms.CharField(
        label=gettext_lazy("Hela beskrivningen"),
        help_text=gettext_lazy("JSON. Allt kontrolleras innan det sparas som utkast."),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code-area"}),
        error_messages={"required": gettext_lazy("Beskrivningen är tom.")},
    )

    def clean_json(self) -> Content:
        """The parsed object; a sentence with the line where it stopped making sense."""
        try:
            content = json.loads(self.cleaned_data["json"], parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            raise ValidationError(
                _("Det är inte JSON: något är fel på rad %(line)s, tecken %(column)s.")
                % {"line": error.lineno, "column": error.colno}
            ) from error
        except (ValueError, RecursionError) as error:
            raise ValidationError(_("Det är inte JSON.")) from error
        if not isinstance(content, dict):
            raise ValidationError(_("Beskrivningen ska vara ett objekt: { … }."))
        return content


def _no_constant(name: str) -> None:
    raise ValueError(name)
