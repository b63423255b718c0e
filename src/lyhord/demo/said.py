"""What people say in the demo, and what they are told. Invented, but like what municipalities really get."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said: a case type's code (or a kind's), the words, the answer, and how it ends."""

    type: str
    text: str
    answer: str = ""
    end: str = "resolved"  # resolved, not_resolved, planned, waiting, refused, "" (nothing yet)
    reason: str = ""
    area: str = ""  # a word in the name of the organisation's area, for feedback


FAULTS = (
    Said(
        "belysning.slackt",
        "Tre lampor i rad är släckta sedan i fredags. Det är skolväg.",
        "Tack för att du skrev. Elektrikern har bytt lamporna i dag.",
    ),
    Said(
        "belysning.slackt",
        "Lampan vid övergångsstället lyser inte.",
        "Det är en kabel under gatan som är trasig, så det räcker inte att byta lampa. Jag hör av mig när det lyser.",
        "planned",
        "Byta kabel",
    ),
    Said(
        "belysning.stracka",
        "Hela gångvägen bakom skolan är mörk. Barnen går där på morgonen.",
        "Tack! Vi hittade ett trasigt relä och det lyser igen.",
    ),
    Said("belysning.dag", "Gatlyktorna lyser mitt på dagen.", "", ""),
    Said(
        "gata.hal",
        "Stort hål i asfalten mitt i körbanan. Jag höll på att köra av vägen.",
        "Vi lagade hålet i morse. Tack för bilden, då visste vi vad vi skulle ha med oss.",
    ),
    Said(
        "gata.hal",
        "Det har blivit ett hål precis vid brunnen.",
        "Hålet är lagat för stunden. Ny asfalt läggs när det blir varmare.",
        "planned",
        "Ny asfalt läggs på sträckan",
    ),
    Said(
        "gata.gc",
        "Rötterna har lyft cykelbanan. Det är farligt i mörkret.",
        "Vi har varit och tittat. Rötterna fräses bort och banan asfalteras om.",
        "planned",
        "Asfaltera om cykelbanan",
    ),
    Said("gata.skylt", "Stoppskylten är vriden åt fel håll.", "Tack, vi vred tillbaka den samma dag."),
    Said(
        "gata.malning",
        "Övergångsstället syns knappt längre.",
        "Vi målar om alla övergångsställen i april. Det här kommer med.",
        "planned",
        "Måla övergångsställen",
    ),
    Said(
        "gata.brunn",
        "Brunnslocket slamrar varje gång en bil kör över.",
        "Vi har bytt packningen. Säg till om det inte blev tyst.",
    ),
    Said(
        "snohalka.snorojning",
        "Ingen har plogat gångbanan och det går inte att komma fram med barnvagn.",
        "Vi plogade i går kväll. Gatan ligger i det andra varvet, därför tog det tid.",
    ),
    Said(
        "snohalka.halka",
        "Trappan ner mot badet är blank is.",
        "Tack! Vi sandade klockan 14 och lägger till trappan på morgonrundan.",
    ),
    Said("snohalka.vall", "Snövallen skymmer sikten i korsningen.", "Vi forslade bort snön i förmiddags."),
    Said(
        "park.lekplats",
        "Gungan på lekplatsen har gått sönder. En skruv sticker ut.",
        "Gungan är nedtagen. En ny är beställd.",
        "waiting",
        "reservdel från leverantören",
    ),
    Said(
        "park.lekplats", "Sanden i sandlådan är full av löv och glas.", "Vi har bytt all sand. Tack för att du sa till."
    ),
    Said(
        "park.trad",
        "En stor gren hänger över gångvägen och ser ut att kunna falla.",
        "Vi tog ner grenen samma eftermiddag.",
    ),
    Said("park.mobel", "Bänken vid kanalen saknar två brädor.", "Bänken är lagad."),
    Said(
        "park.gras",
        "Häcken har vuxit ut över hela trottoaren.",
        "Det är fastighetsägarens häck. Vi har skickat ett brev till ägaren.",
        "refused",
        "Häcken står på privat tomt",
    ),
    Said("ren.papperskorg", "Papperskorgen vid busshållplatsen är överfull.", "Tömd i morse. Vi tömmer den oftare nu."),
    Said("ren.klotter", "Någon har klottrat på elskåpet.", "Saneringen är gjord."),
    Said("ren.skrap", "Det ligger massor av skräp i slänten efter helgen.", "Städat i dag. Tack!"),
    Said("ren.glas", "Krossat glas över hela cykelbanan.", "Vi sopade upp det inom en timme."),
    Said(
        "va.dagvatten", "Det blir en sjö på gatan så fort det regnar.", "Brunnen var igensatt av löv. Den är spolad nu."
    ),
    Said(
        "va.missfargat",
        "Vattnet är brunt i kranen.",
        "Vi arbetade på ledningen och har spolat den. Spola kallvatten i tio minuter.",
    ),
    Said("avfall.utebliven", "Soporna blev inte hämtade i tisdags.", "Bilen hade gått sönder. Vi hämtar i morgon."),
    Said("fastighet.toalett", "Toaletten vid torget går inte att låsa.", "Låset är bytt."),
    Said("gata.signal", "Gångsignalen blir aldrig grön.", "Knappen var trasig. Den är bytt."),
    Said(
        "gata.cykelstall",
        "Det står en övergiven cykel i stället sedan i våras.",
        "Cykeln är märkt och hämtas om två veckor.",
        "waiting",
        "att märkningstiden går ut",
    ),
    Said(
        "annan.statlig_vag",
        "Det är ett stort hål på riksvägen vid infarten.",
        "Riksvägen sköts av Trafikverket. Vi har skickat din anmälan till dem.",
        "refused",
        "Vägen är statlig",
    ),
    Said("annat", "Klockan på torget har stannat.", "", ""),
    Said(
        "belysning.stolpe",
        "Stolpen lutar efter att någon har kört på den.",
        "Vi har satt upp en spärr. Ny stolpe kommer nästa vecka.",
        "planned",
        "Byta stolpe",
    ),
    Said("park.bad", "Stegen på badbryggan är lös.", "Stegen är fastskruvad."),
)

FEEDBACK = (
    Said(
        "klagomal",
        "Bilarna kör alldeles för fort förbi skolan på morgnarna.",
        "Vi har mätt farten och du har rätt. Det blir en hastighetssäkrad överfart till våren.",
        "resolved",
        "",
        "trafik",
    ),
    Said(
        "klagomal",
        "Jag fick vänta fyrtio minuter i telefon.",
        "Det var för länge. Vi har lagt om schemat så att fler svarar på måndagar.",
        "resolved",
        "",
        "kommun",
    ),
    Said(
        "klagomal",
        "Plogbilen lägger alltid snön i min infart.",
        "Vi förstår att det är tungt. Plogen kan inte lyftas vid varje infart, då hinner vi inte runt före sju.",
        "not_resolved",
        "Plogningen måste hinnas med före klockan sju",
        "trafik",
    ),
    Said("klagomal", "Maten på förskolan är kall när den kommer.", "", "", "", "barn"),
    Said(
        "berom",
        "Tack för den fina planteringen på torget! Den gör mig glad varje morgon.",
        "Vad roligt att höra. Vi hälsar till trädgårdsmästarna.",
        "resolved",
        "",
        "uppleva",
    ),
    Said(
        "berom",
        "Killen på återvinningscentralen hjälpte mig att bära. Så snällt!",
        "Tack, det hälsar vi honom.",
        "resolved",
        "",
        "bygga",
    ),
    Said(
        "berom",
        "Biblioteket har blivit fantastiskt efter ombyggnaden.",
        "Tack! Vi är också stolta över det.",
        "resolved",
        "",
        "uppleva",
    ),
    Said(
        "forslag",
        "Sätt upp fler cykelställ med tak vid stationen. Det är fullt varje morgon.",
        "Bra idé. Vi sätter upp 40 platser med tak i april.",
        "resolved",
        "",
        "trafik",
    ),
    Said(
        "forslag",
        "Gör en hundrastgård vid den gamla fotbollsplanen.",
        "Vi tar med förslaget i nästa års plan för parker.",
        "planned",
        "Tas upp i parkplanen",
        "uppleva",
    ),
    Said(
        "forslag",
        "Kan det finnas en bänk halvvägs upp för backen? Det är många äldre som går där.",
        "Ja. Bänken står på plats nästa vecka.",
        "planned",
        "Sätta upp en bänk",
        "trafik",
    ),
    Said(
        "forslag",
        "Bygg en farthinderskulle på vår gata.",
        "Det blir ingen skulle här. Skälet är att bussen går på gatan.",
        "not_resolved",
        "Bussen går på gatan",
        "trafik",
    ),
    Said(
        "fraga",
        "När öppnar isbanan?",
        "Så snart det har varit minusgrader tre nätter i rad. Vi skriver på hemsidan.",
        "resolved",
        "",
        "uppleva",
    ),
    Said(
        "fraga",
        "Hur ansöker jag om bygglov för ett plank?",
        "Ett plank under 1,2 meter behöver oftast inte lov. Ring bygglovsrådgivningen så tittar vi på just ditt.",
        "resolved",
        "",
        "bygga",
    ),
    Said(
        "fraga",
        "Var lämnar jag gamla glödlampor?",
        "På återvinningscentralen, eller i den röda lådan i mataffären.",
        "resolved",
        "",
        "bygga",
    ),
)
