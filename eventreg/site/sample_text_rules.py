"""What the sample data says: facts of past events in our own words, and upcoming ones counted from today.

Pure values; `sample_data.py` turns them into rows. Addresses of people and offices are example.org ones.
Fields of one line hold no hard spaces: the form would take them out, and the first edit would look like a change.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True)
class SampleOrganiser:
    """An organising body of the samples."""

    slug: str
    name: str
    legal_name: str
    kind: str
    contact_email: str
    contact_phone: str
    address: str
    about: str


@dataclass(frozen=True)
class SampleEvent:
    """An event of the samples; `day` is counted from today unless `on` names the date."""

    slug: str
    organiser: str
    kind: str
    title: str
    summary: str
    programme: str
    start: time
    end: time
    day: int = 0
    days: int = 1
    on: date | None = None
    audience: str = ""
    cost: str = ""
    funding: str = ""
    partners: str = ""
    attendance: str = "place"
    venue: str = ""
    room: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    online_url: str = ""
    venue_accessibility: str = ""
    capacity: int | None = None
    series: str = ""
    edition_city: str = ""
    people: tuple[str, ...] = field(default=())


def first_weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def span_of(event: SampleEvent, today: date) -> tuple[datetime, datetime]:
    """Start and end in Warsaw time. Events of two days never begin on a Friday: they end on a working day."""
    first = event.on or first_weekday(today + timedelta(days=event.day))
    if event.on is None and event.days > 1 and first.weekday() == 4:
        first += timedelta(days=3)
    last = first + timedelta(days=event.days - 1)
    return (
        datetime.combine(first, event.start, tzinfo=WARSAW),
        datetime.combine(last, event.end, tzinfo=WARSAW),
    )


ORGANISERS = (
    SampleOrganiser(
        slug="omp",
        name="Ośrodek Myśli Politycznej",
        legal_name="Ośrodek Myśli Politycznej",
        kind="ngo",
        contact_email="omp@example.org",
        contact_phone="",
        address="Kraków",
        about="Think tank z Krakowa. Wspólnie z Regionalnym Ośrodkiem Debaty Międzynarodowej w Krakowie "
        "prowadzi warsztaty dla samorządów o współpracy transgranicznej.",
    ),
    SampleOrganiser(
        slug="biuro-wspolpracy",
        name="Biuro Współpracy Międzynarodowej",
        legal_name="Województwo Przykładowe",
        kind="public_body",
        contact_email="wspolpraca@example.org",
        contact_phone="",
        address="ul. Przykładowa 1, 00-001 Miasto Przykładowe",
        about="Przykładowe biuro urzędu marszałkowskiego: konferencje, misje gospodarcze i spotkania miast "
        "partnerskich.",
    ),
)

SERIES_SLUG = "konferencja-wspolpracy-miedzynarodowej"
SERIES_TITLE = "Stała Ogólnopolska Konferencja Współpracy Międzynarodowej Samorządów"
SERIES_ABOUT = (
    "Coroczne spotkanie osób, które w gminach, powiatach i województwach prowadzą współpracę "
    "z zagranicą. Każda edycja ma innego gospodarza."
)

PAST_EDITIONS: tuple[tuple[int, str, str, str], ...] = (
    (2012, "Poznań", "", ""),
    (2013, "Poznań", "", ""),
    (2014, "Łódź", "", ""),
    (2015, "Kielce", "Województwo Świętokrzyskie", "Polska – państwa nordyckie"),
)
"""Year, city, host, theme."""

_WORKSHOP_TOPICS = (
    "## Program\n\n"
    "1. Co współpraca międzynarodowa daje mieszkańcom i urzędowi oraz jak ją zaplanować w strategii\n"
    "2. Trwałe więzi i partnerstwa projektowe: gdzie i jak szukać partnerów\n"
    "3. Wspólne zabieganie o środki zewnętrzne na infrastrukturę\n"
    "4. Samorząd i inni lokalni partnerzy: szkoły, organizacje, przedsiębiorcy\n"
    "5. Jak pokazać efekty współpracy w internecie\n\n"
    "## Prowadzący\n\n"
    "- **dr\u00a0Agata Nijander-Dudzińska**\n"
    "- **dr\u00a0hab.\u00a0Artur Wołek**\n"
)

_WORKSHOP = {
    "organiser": "omp",
    "kind": "workshop",
    "programme": _WORKSHOP_TOPICS,
    "start": time(12, 0),
    "end": time(13, 30),
    "audience": "urzędnicy zajmujący się współpracą międzynarodową",
    "funding": "Projekt współfinansowany przez Ministerstwo Spraw Zagranicznych.",
    "partners": "Regionalny Ośrodek Debaty Międzynarodowej w Krakowie",
    "venue": "Urząd Miasta Proszowice",
    "street": "ul. 3 Maja 72",
    "postal_code": "32-100",
    "city": "Proszowice",
}

EVENTS = (
    SampleEvent(
        slug="warsztaty-proszowice-2016",
        title="Dobre praktyki we współpracy transgranicznej samorządów",
        summary="Półtorej godziny o tym, jak zaplanować współpracę zagraniczną gminy i skąd wziąć partnerów.",
        on=date(2016, 10, 26),
        **_WORKSHOP,  # type: ignore[arg-type]  # the values above match the fields one by one
    ),
    SampleEvent(
        slug="warsztaty-wspolpraca-transgraniczna",
        title="Współpraca transgraniczna w praktyce: od pomysłu do umowy",
        summary="Warsztaty dla gmin i powiatów, które chcą zacząć współpracę z zagranicą albo ją odnowić.",
        day=17,
        capacity=30,
        venue_accessibility="Wejście bez progu od strony parkingu, winda, toaleta dostosowana na parterze. "
        "Pętla indukcyjna po wcześniejszym zgłoszeniu.",
        room="sala konferencyjna, I piętro",
        people=("Jan Łoś", "Maria Ścisło", "dr Piotr Żak"),
        **_WORKSHOP,  # type: ignore[arg-type]  # the values above match the fields one by one
    ),
    SampleEvent(
        slug="misja-gospodarcza-olomuniec",
        organiser="biuro-wspolpracy",
        kind="mission",
        title="Misja do regionu partnerskiego: gospodarka komunalna i energia",
        summary="Dzień rozmów z samorządami i spółkami komunalnymi kraju ołomunieckiego.",
        programme="## Program\n\n- 9.00 – powitanie w urzędzie kraju\n"
        "- 10.00 – wizyta w spółce ciepłowniczej\n"
        "- 13.00 – rozmowy dwustronne\n- 15.30 – podsumowanie\n\nDojazd we własnym zakresie.",
        start=time(9, 0),
        end=time(16, 0),
        day=30,
        audience="samorządy i spółki komunalne",
        cost="koszty dojazdu po stronie uczestników",
        venue="Urząd kraju ołomunieckiego",
        city="Ołomuniec",
        country="Czechy",
        capacity=12,
        venue_accessibility="Budynek z windą; potrzeby prosimy zgłaszać organizatorowi.",
        people=tuple(
            f"{name} Przykładowa"
            for name in (
                "Anna",
                "Barbara",
                "Celina",
                "Danuta",
                "Ewa",
                "Felicja",
                "Grażyna",
                "Halina",
                "Irena",
                "Joanna",
            )
        ),
    ),
    SampleEvent(
        slug="konferencja-samorzadow",
        organiser="biuro-wspolpracy",
        kind="conference",
        title=SERIES_TITLE,
        summary="Dwa dni o tym, jak samorządy współpracują z zagranicą i jakie korzyści mają z tego mieszkańcy.",
        programme="## Dzień pierwszy\n\n- 10.00 – otwarcie\n- 10.30 – debata: miasta partnerskie po latach\n"
        "- 13.00 – przerwa\n- 14.00 – warsztaty równoległe\n\n## Dzień drugi\n\n- 9.00 – fundusze na współpracę "
        "transgraniczną\n- 11.30 – panel młodych samorządowców\n- 14.00 – zamknięcie",
        start=time(10, 0),
        end=time(14, 30),
        day=94,
        days=2,
        audience="osoby prowadzące współpracę zagraniczną w gminach, powiatach i województwach",
        venue="Centrum Konferencyjne",
        street="ul. Przykładowa 10",
        city="Poznań",
        capacity=200,
        series=SERIES_SLUG,
        edition_city="Poznań",
        venue_accessibility="Sala bez schodów, miejsca dla osób na wózkach, tłumacz języka migowego po wcześniejszym "
        "zgłoszeniu.",
    ),
    SampleEvent(
        slug="miasta-partnerskie-online",
        organiser="biuro-wspolpracy",
        kind="meeting",
        title="Miasta partnerskie: jak odnowić umowę sprzed lat",
        summary="Godzina rozmowy online o tym, jak wznowić partnerstwo, które wygasło.",
        programme="Trzy krótkie wystąpienia i pytania uczestników.",
        start=time(10, 0),
        end=time(11, 0),
        day=45,
        attendance="online",
        online_url="https://spotkanie.example.org/miasta-partnerskie",
        audience="koordynatorzy współpracy zagranicznej",
        venue_accessibility="Spotkanie z napisami na żywo.",
    ),
)
