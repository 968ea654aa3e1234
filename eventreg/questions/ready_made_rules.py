"""Questions that offices ask again and again, ready-made in Polish and English.

A question made from one keeps its words as texts of its own, which the organiser may change; as long as a text reads
like the ready-made one, a page in the other language shows it in that language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from eventreg.questions.question_rules import NO, YES, AskedQuestion

Wording = Mapping[str, str]
"""Language -> text."""

NONE: Wording = MappingProxyType({"pl": "", "en": ""})


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """One ready-made question."""

    kind: str
    label: Wording
    purpose: Wording
    hint: Wording = field(default_factory=lambda: NONE)
    options: tuple[Wording, ...] = ()


def _both(pl: str, en: str) -> Wording:
    return {"pl": pl, "en": en}


VOIVODESHIPS = (
    _both("dolnośląskie", "Lower Silesia (dolnośląskie)"),
    _both("kujawsko-pomorskie", "Kuyavia-Pomerania (kujawsko-pomorskie)"),
    _both("lubelskie", "Lublin (lubelskie)"),
    _both("lubuskie", "Lubusz (lubuskie)"),
    _both("łódzkie", "Łódź (łódzkie)"),
    _both("małopolskie", "Małopolska (małopolskie)"),
    _both("mazowieckie", "Mazovia (mazowieckie)"),
    _both("opolskie", "Opole (opolskie)"),
    _both("podkarpackie", "Podkarpacie (podkarpackie)"),
    _both("podlaskie", "Podlasie (podlaskie)"),
    _both("pomorskie", "Pomerania (pomorskie)"),
    _both("śląskie", "Silesia (śląskie)"),
    _both("świętokrzyskie", "Świętokrzyskie (świętokrzyskie)"),
    _both("warmińsko-mazurskie", "Warmia-Masuria (warmińsko-mazurskie)"),
    _both("wielkopolskie", "Greater Poland (wielkopolskie)"),
    _both("zachodniopomorskie", "West Pomerania (zachodniopomorskie)"),
)
"""The 16 voivodeships (act of 24 July 1998 on the three-tier division of the country), in their usual order."""

READY_MADE: Mapping[str, ReadyMade] = {
    "institution": ReadyMade(
        kind="institution",
        label=_both("Instytucja", "Institution"),
        hint=_both("Nazwa urzędu, uczelni, firmy lub organizacji", "Name of the office, university, firm or society"),
        purpose=_both(
            "Przygotowanie listy uczestników i\u00a0identyfikatorów oraz sprawozdania z\u00a0wydarzenia",
            "Preparing the list of participants, the name badges and the report on the event",
        ),
    ),
    "job_title": ReadyMade(
        kind="short_text",
        label=_both("Stanowisko lub funkcja", "Job title or role"),
        purpose=_both(
            "Dopasowanie programu do zadań uczestników", "Fitting the programme to what the participants do at work"
        ),
    ),
    "voivodeship": ReadyMade(
        kind="one_of",
        label=_both("Województwo", "Voivodeship (region of Poland)"),
        purpose=_both(
            "Sprawozdanie z\u00a0wydarzenia: skąd są uczestnicy",
            "The report on the event: where participants come from",
        ),
        options=VOIVODESHIPS,
    ),
    "diet": ReadyMade(
        kind="several_of",
        label=_both("Posiłek", "Meal"),
        hint=_both(
            "Można zaznaczyć kilka odpowiedzi. Bez zaznaczenia zamówimy posiłek standardowy.",
            "More than one may be ticked. Without a tick we order the standard meal.",
        ),
        purpose=_both("Zamówienie cateringu", "Ordering the catering"),
        options=(
            _both("wegetariański", "vegetarian"),
            _both("wegański", "vegan"),
            _both("bezglutenowy", "gluten-free"),
            _both("bez laktozy", "lactose-free"),
        ),
    ),
    "interpretation": ReadyMade(
        kind="yes_no",
        label=_both("Czy potrzebne będzie tłumaczenie symultaniczne?", "Will you need simultaneous interpretation?"),
        purpose=_both("Zamówienie tłumaczy i\u00a0odbiorników", "Ordering interpreters and receivers"),
    ),
    "accommodation": ReadyMade(
        kind="one_of",
        label=_both("Nocleg", "Accommodation"),
        purpose=_both("Rezerwacja miejsc w\u00a0hotelu", "Booking rooms at the hotel"),
        options=(
            _both("nie potrzebuję noclegu", "I do not need accommodation"),
            _both("pokój jednoosobowy", "single room"),
            _both("miejsce w\u00a0pokoju dwuosobowym", "bed in a twin room"),
        ),
    ),
    "access_needs": ReadyMade(
        kind="access_needs",
        label=_both("Jakie wsparcie ułatwi Państwu udział?", "What support would make taking part easier for you?"),
        hint=_both(
            "Na przykład tłumaczenie na język migowy, pętla indukcyjna, wejście bez schodów, materiały dużym drukiem",
            "For example sign language interpretation, an induction loop, step-free access, materials in large print",
        ),
        purpose=_both(
            "Zapewnienie dostępności wydarzenia (ustawa z\u00a0dnia 19\u00a0lipca 2019\u00a0r.)",
            "Making the event accessible to those who ask for it (act of 19 July 2019)",
        ),
    ),
}
"""In the order in which they are offered."""

YES_NO: Mapping[str, Wording] = {YES: _both("tak", "yes"), NO: _both("nie", "no")}


def yes_or_no(stored: str, language: str) -> str:
    """The word for a stored answer to a yes/no question."""
    return YES_NO[stored][language] if stored in YES_NO else stored


def in_language(question: AskedQuestion, language: str) -> AskedQuestion:
    """The question with every text that is still the ready-made one in this language ('pl', 'en')."""
    made = READY_MADE.get(question.ready_made)
    if made is None:
        return question
    return replace(
        question,
        label=_translated(question.label, made.label, language),
        hint=_translated(question.hint, made.hint, language),
        purpose=_translated(question.purpose, made.purpose, language),
        options=tuple(
            replace(option, label=_option_translated(option.label, made.options, language))
            for option in question.options
        ),
        is_in_page_language=question.label in made.label.values(),
    )


def _translated(text: str, wording: Wording, language: str) -> str:
    return wording[language] if text in wording.values() and text else text


def _option_translated(label: str, wordings: tuple[Wording, ...], language: str) -> str:
    return next((wording[language] for wording in wordings if label in wording.values()), label)
