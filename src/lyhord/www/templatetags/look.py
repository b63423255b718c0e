"""The small pieces every page shares: icons, state chips, times, phone links and "you are here"."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template.context import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from lyhord.cases.states import WORDS, State
from lyhord.core.clock import local, today
from lyhord.core.folded.fold import constant
from lyhord.core.folded.lasting import lasting as lasting_tag
from lyhord.core.phone_number import rung
from lyhord.core.text import clean_text
from lyhord.organisations.models import Organisation
from lyhord.www.brand import Branded
from lyhord.www.icons import ICONS
from lyhord.www.style import sheet_version

register = template.Library()
register.tag("lasting", lasting_tag)

_SVG = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>'
_DRAWN = {name: SafeString(_SVG.format(path)) for name, path in ICONS.items()}


@register.simple_tag
@constant
def icon(name: str) -> SafeString:
    """An icon from icons.py, hidden from screen readers: a word always stands beside it.

    An unknown name is a mistake in the template and raises KeyError.
    """
    return _DRAWN[name]


@register.simple_tag
@constant
def icon_names() -> list[str]:
    """The names of all icons, for the gallery."""
    return sorted(ICONS)


@register.simple_tag
@constant
def tag(tone: str, icon_name: str, label: str | Promise) -> SafeString:
    """A chip: colour (`tone`: a state, or info, late, over, calm) + icon + word. `icon_name` may be ""."""
    drawn = icon(icon_name) if icon_name else ""
    said = conditional_escape(str(label) if isinstance(label, Promise) else label)
    return SafeString(f'<span class="tag {conditional_escape(tone)}">{drawn}{said}</span>')  # cheaper than format_html


@register.simple_tag
@constant
def state(name: str, label: str | Promise, icon_name: str = "") -> SafeString:
    """The chip of a case state: its code, its word for this reader, and its icon where the kind has one of its own."""
    return tag(name, icon_name or WORDS[State(name)].icon, label)


def clock_text(moment: datetime) -> str:
    """The time of day as people write it here: 16.42."""
    at = local(moment)
    return _clock_words(at.hour, at.minute, get_language() or "")


@lru_cache(maxsize=2000)
def _clock_words(hour: int, minute: int, _language: str) -> str:
    """In the active language, which is `_language`."""
    return _("%(hour)s.%(minute)s") % {"hour": f"{hour:02}", "minute": f"{minute:02}"}


def day_text(value: date | datetime, *, weekday: bool = False) -> str:
    """A date in words: "i dag", "i går", "23 november", with the year when it is not this one."""
    day = local(value).date() if isinstance(value, datetime) else value
    return _day_words(day, today(), get_language() or "", weekday=weekday)


@lru_cache(maxsize=2000)  # a page names many days, and most of them several times
def _day_words(day: date, now: date, language: str, *, weekday: bool) -> str:
    """Seen from the day `now`, in the active language, which is `language`."""
    near = {timedelta(0): _("i dag"), timedelta(1): _("i går"), timedelta(-1): _("i morgon")}
    if word := near.get(now - day):
        return word
    pattern = "l j F" if weekday else "j F"
    return date_format(day, pattern if day.year == now.year else f"{pattern} Y", use_l10n=False)


@register.filter
def day(value: date | datetime) -> str:
    """A date in words, without the time."""
    return day_text(value)


@register.filter
def weekday(value: date | datetime) -> str:
    """A date in words with the day of the week: "måndag 30 november"."""
    return day_text(value, weekday=True)


@register.simple_tag
def when(value: date | datetime, style: str = "") -> SafeString:
    """A <time> that people and machines can read: "i dag 16.42", "24 november 08.31".

    Style "full" begins a line and names the day of the week: "Måndag 23 november 16.42".
    """
    full = style == "full"
    if isinstance(value, datetime):
        at = local(value)
        words = f"{day_text(at.date(), weekday=full)} {_clock_words(at.hour, at.minute, get_language() or '')}"
        machine = at.isoformat(timespec="minutes")
    else:
        words, machine = day_text(value, weekday=full), value.isoformat()
    said = conditional_escape(capfirst(words) if full else words)
    return SafeString(f'<time datetime="{machine}">{said}</time>')  # cheaper than format_html


@register.filter
def plain(text: str) -> str:
    """What somebody else wrote into an address, without what no page may hold."""
    return clean_text(text, one_line=True)


@register.filter
def tel(number: str) -> str:
    """The address of a phone link: "0141-00 00 00" becomes "tel:+46141000000", "112" stays "tel:112"."""
    return f"tel:{rung(number)}"


@register.simple_tag
def tongue(code: str) -> SafeString:
    """The lang attribute for words in the language `code`; nothing for the page's own language, or for "" (unknown)."""
    if not code or code == get_language():
        return SafeString("")
    return format_html(' lang="{}"', code)


@register.simple_tag
def phone_hours(organisation: Organisation) -> SafeString:
    """When the telephone is answered, in the page's language where the organisation has said it; "" for no words."""
    words, language = organisation.phone_hours_in(get_language() or "")
    return format_html("<span{}>{}</span>", tongue(language), words) if words else SafeString("")


@register.simple_tag
def own_words(organisation: Organisation, code: str) -> str:
    """What the organisation says in a language that the pages are not in, "" for all others."""
    return organisation.own_words.get(code, "") if code in settings.OWN_WORDS_LANGUAGES else ""


@register.filter
def language_name(code: str) -> str:
    """A language's name in that language; the code itself if nobody knows it."""
    if name := settings.OWN_WORDS_LANGUAGES.get(code):
        return str(name)
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


@register.simple_tag
def brand_sheet(organisation: Branded) -> str:
    """The address of every page's style sheet, in the organisation's colour."""
    return reverse("public:brand", kwargs={"version": sheet_version(organisation)})


@register.simple_tag
def form_hidden(form: BaseForm, *names: str) -> SafeString:
    """The fields of those names as hidden inputs, whatever widget they have."""
    return format_html_join("", "{}", ((form[name].as_hidden(),) for name in names))


@register.simple_tag(takes_context=True)
def current(context: Context, name: str, under: str = "") -> SafeString:
    """The aria-current attribute for a link to the URL `name`: "page" on it, "true" on pages below it or `under`."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    url = _address(name)
    if request.path == url:
        return SafeString(' aria-current="page"')
    for prefix in (under, url):
        if len(prefix) > 1 and request.path.startswith(prefix):
            return SafeString(' aria-current="true"')
    return SafeString("")


@cache
def _address(name: str) -> str:
    """Of a page without parts; Django looks it up anew each time."""
    return reverse(name)
