"""What people say in the measurements: as varied as real reports are, so that search and its index do real work."""

from random import Random

from lyhord.core.text import fold
from lyhord.demo.said import FAULTS, FEEDBACK, Said

_MORE = (
    "Det har varit så i flera veckor.",
    "Barnen går här varje dag till skolan.",
    "Min granne har också ringt om det.",
    "Det är farligt när det är mörkt.",
    "Kan någon komma och titta snart?",
    "Förra vintern var det samma sak.",
    "Jag såg det när jag gick med hunden i morse.",
    "Det ligger precis vid busshållplatsen.",
    "En äldre dam höll på att ramla.",
    "Vi som bor i området är många som undrar.",
    "Cyklisterna svänger ut i vägen för att komma förbi.",
    "Jag har skickat en bild så att ni ser.",
    "Det syns bäst från parkeringen.",
    "Efter regnet i helgen blev det mycket värre.",
    "Jag tror att det är en fråga för kommunen, annars får ni skicka vidare.",
    "Det borde räcka med en timmes arbete.",
    "Tack för att ni annars sköter det så bra.",
    "Bredvid återvinningen, på andra sidan staketet.",
    "Ungefär tjugo meter från korsningen.",
    "Det är tredje gången i år.",
)
_ENDS = ("", "", "", "Tack på förhand.", "Hör gärna av er.", "Mvh", "Hälsningar från en som promenerar mycket.")
_NAMES = ("Elin", "Johan", "Fatima", "Birgitta", "Ahmed", "Lars", "Maja", "Ingrid", "Erik", "Sven", "Amina", "Göran")
_SURNAMES = ("Andersson", "Lindqvist", "Åberg", "Hassan", "Nyström", "Öberg", "Eriksson", "Dahl", "Ek", "Sandström")


class Words:
    """Sentences, names and addresses by a die; the same for the same die."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._said: dict[str, list[Said]] = {}
        for said in (*FAULTS, *FEEDBACK):
            self._said.setdefault(said.type, []).append(said)
        self._all = [*FAULTS, *FEEDBACK]

    def report(self, type_code: str, type_name: str, street: str) -> tuple[str, str]:
        """(text, answer) about a type; where the demo says nothing of it, its name and what others say."""
        said = self._dice.choice(self._said.get(type_code) or self._all)
        begins = said.text if type_code in self._said else f"{type_name} vid {street}."
        more = self._dice.choice(_MORE) if self._dice.random() < 0.7 else ""
        text = " ".join(part for part in (begins, more, self._dice.choice(_MORE), self._dice.choice(_ENDS)) if part)
        return text, said.answer or "Tack för att du skrev. Vi har varit där och tittat."

    def person(self) -> tuple[str, str]:
        """(name, address)."""
        first, last = self._dice.choice(_NAMES), self._dice.choice(_SURNAMES)
        return f"{first} {last}", f"{fold(first)}.{self._dice.randrange(60_000)}@exempel.se"
