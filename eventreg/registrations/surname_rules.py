"""Which word of a name is the surname, and the order in which Polish offices list people.

The source of the rules is the way officials write themselves down: 'Kowalska Anna', 'dr hab. Artur Wołek',
'Nijander-Dudzińska Agata', 'KOWALSKI Jan', 'Kowalski, Jan'.
"""

import re
import unicodedata

from eventreg.registrations.first_names_rules import FIRST_NAMES

LONGEST_SORT_KEY = 500

_IN_ANY_CASE = "dr hab inż mgr prof lic mr mrs ms phd mba msc bsc llm mudr judr phdr jr sr ii iii"
# In lower case or with a full stop only: Sołtys, Starosta and Pan are surnames as well.
_IN_LOWER_CASE = """
doc arch ks bp abp kard br pan pani gen płk ppłk mjr kpt por ppor mec adw radca radny radna wójt burmistrz
prezydent starosta marszałek sołtys ambasador konsul sir herr frau ing dipl
"""
_JOINED_TO_SURNAMES = """
de da das do dos du del della di la le les von van der den ten ter zu zum zur af av al el bin ibn ben
"""
_TITLES_IN_ANY_CASE = frozenset(_IN_ANY_CASE.split())
_TITLES_IN_LOWER_CASE = frozenset(_IN_LOWER_CASE.split())
_PARTICLES = frozenset(_JOINED_TO_SURNAMES.split())
_SURNAME_ENDINGS = ("ski", "ska", "cki", "cka", "dzki", "dzka", "wicz", "czyk", "ówna", "owa", "enko", "iuk")

_ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
# Two hexadecimal digits a letter: a string of those sorts the same under every collation a database may have.
_RANKS = {letter: f"{0x20 + place:02x}" for place, letter in enumerate(_ALPHABET)}
_RANKS |= {digit: f"{0x10 + int(digit):02x}" for digit in "0123456789"}
_END_OF_SURNAME, _SPACE, _HYPHEN, _OTHER_SCRIPT = "00", "01", "02", "f"
_FOLDED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}


def surname_of(name: str) -> str:
    """The surname in a name that `check_name` gave: a guess, which the organiser may correct.

    Titles are passed over; particles ('von Trapp', 'de Virion') belong to the surname. Words in capitals
    among others that are not, and the part before a comma, are the surname; else the list of first names
    decides.
    """
    before, comma, after = name.partition(",")
    words, rest = _words(before), _words(after)
    if comma and words and rest and (_is_first_name(rest[0]) or len(words) == 1):
        return " ".join(words)
    if not words:
        return name
    return " ".join(_surname_words(words))


def sort_key(surname: str, name: str) -> str:
    """A string of hexadecimal digits that sorts people by surname, then by first name, as Poles sort.

    Ą comes after A, Ł after L, Ś after S, Ź before Ż; other diacritics count as their plain letter (Ö as
    O), other scripts come last. At most `LONGEST_SORT_KEY` characters, whatever the collation of the
    database.
    """
    of_surname = {word.casefold() for word in _split(surname)}
    given = [word for word in _words(name) if word.casefold() not in of_surname]
    half = LONGEST_SORT_KEY // 2 - 4
    return _ranks(surname)[:half] + _END_OF_SURNAME + _ranks(" ".join(given))[:half]


def corrected_surname(name: str, typed: str, before: str) -> str:
    """The surname after an organiser corrected a person: what she typed, or a new guess for a new name.

    `before` is the surname kept until now; left as it was although it no longer stands in the name, it was
    overlooked rather than meant.
    """
    if typed != before or before.casefold() in name.casefold():
        return typed
    return surname_of(name)


def split_at_surname(name: str, surname: str) -> tuple[str, str, str]:
    """The name in three parts, the surname in the middle, for lists that set it in bold type.

    Without the surname in it the name is all first part.
    """
    place = name.rfind(surname) if surname else -1
    if place < 0:
        return name, "", ""
    return name[:place], surname, name[place + len(surname) :]


def _surname_words(words: list[str]) -> list[str]:
    if len(words) == 1:
        return words
    capitals = [word for word in words if len(word) > 1 and word.isupper() and not word.endswith(".")]
    if capitals and len(capitals) < len(words):
        return capitals
    given = [_is_first_name(word) for word in words]
    looks = [_ends_like_surname(word) for word in words]
    surname_first = (given[-1] and not given[0]) or (not any(given) and looks[0] and not looks[-1])
    if surname_first:
        first_given = given.index(True) if True in given else 1
        return words[:first_given]
    return _last_words(words, looks)


def _last_words(words: list[str], looks: list[bool]) -> list[str]:
    """The last word, with the particles before it, and a first half that is plainly a surname too."""
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    while start > 1 and looks[start - 1] and not _is_first_name(words[start - 1]):
        start -= 1
    return words[start:]


def _words(text: str) -> list[str]:
    """The words without titles; all of them when there is nothing but titles."""
    words = _split(text)
    kept = [word for word in words if not _is_title(word)]
    return kept or words


def _split(text: str) -> list[str]:
    spaced = re.sub(r"\s*[-‐‑–]\s*", "-", text)  # 'Nijander - Dudzińska' is one surname
    spaced = re.sub(r"(\w{2,}\.)(?=\w)", r"\1 ", spaced)  # 'inż.Jan' is two words
    return [word.strip(",;()\"'„”") for word in spaced.split() if word.strip(",;()\"'„”.-")]


def _is_title(word: str) -> bool:
    plain = word.rstrip(".").casefold()
    if plain in _TITLES_IN_ANY_CASE:
        return True
    # Lower case with a full stop is an abbreviation ('n. med.'); a capital with one is an initial ('J.').
    if word.endswith("."):
        return word[0].islower() or plain in _TITLES_IN_LOWER_CASE
    return word[0].islower() and plain in _TITLES_IN_LOWER_CASE


def _is_first_name(word: str) -> bool:
    if re.fullmatch(r"\w\.(-?\w\.)*", word):
        return True
    return all(part in FIRST_NAMES for part in word.casefold().split("-"))


def _ends_like_surname(word: str) -> bool:
    return word.casefold().endswith(_SURNAME_ENDINGS)


def _ranks(text: str) -> str:
    folded = unicodedata.normalize("NFC", " ".join(text.casefold().split()))
    return "".join(_rank(character) for character in folded)


def _rank(character: str) -> str:
    if character in _RANKS:
        return _RANKS[character]
    if character == " ":
        return _SPACE
    if character in "-‐‑–":
        return _HYPHEN
    plain = _FOLDED.get(character) or unicodedata.normalize("NFKD", character)
    known = "".join(_RANKS.get(letter, "") for letter in plain)
    if known or not character.isalnum():
        return known  # an apostrophe or a dot does not count
    return f"{_OTHER_SCRIPT}{ord(character):05x}"
