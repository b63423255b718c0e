"""The switches of an organisation: what each does, in plain words. Code asks `organisation.has("nearby")`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Feature:
    """One switch. `default` is how it stands in an organisation that has not said anything."""

    slug: str
    label: Promise
    help: Promise
    default: bool = True


FEATURES: dict[str, Feature] = {
    feature.slug: feature
    for feature in (
        Feature(
            "nearby",
            _("Visa liknande ärenden i närheten"),
            _(
                "Den som berättar ser öppna ärenden på samma plats och kan följa ett av dem i stället. "
                "Av: alla skickar ett eget ärende."
            ),
        ),
        Feature(
            "following",
            _("Låt andra följa ett publicerat ärende"),
            _("Vem som helst kan få mejl när något händer i ett ärende som visas. Av: bara den som skrev får svar."),
        ),
        Feature(
            "log_in",
            _("Låt invånare logga in"),
            _(
                "Den som vill kan se alla sina ärenden på ett ställe, med en kod till sin mejladress. "
                "Ingen behöver logga in för att skriva. Av: var och en följer sitt ärende med dess kod."
            ),
        ),
        Feature(
            "matters",
            _("Visa politiska ärenden"),
            _(
                "Invånare ser vad nämnderna ska besluta och har beslutat, läst ur kallelser och protokoll. "
                "Av: sidorna finns inte. Slå på när det finns handlingar att visa."
            ),
            default=False,
        ),
        Feature(
            "engagement",
            _("Låt invånare säga vad de tycker om ärenden"),
            _(
                "Reaktioner, omröstningar, frågor, idéer, åsikter på karta och samråd, som du öppnar på varje ärende. "
                "Av: sidorna finns inte."
            ),
            default=False,
        ),
        Feature(
            "register",
            _("Visa diariet"),
            _(
                "Nummer, dag och sort för allt som har kommit in, utan text, plats och namn. "
                "Det som kan vara hemligt visas bara med nummer och dag. "
                "Av: sidan finns inte, och den som frågar får ringa."
            ),
        ),
    )
}


def on_by_default(slug: str) -> bool:
    """How a switch stands when the organisation has not said anything; an unknown one is off."""
    feature = FEATURES.get(slug)
    return feature.default if feature else False
