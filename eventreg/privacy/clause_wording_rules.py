"""The words of the draft clause, section by section, in Polish and in English.

Sources: RODO (GDPR) art. 6, 12-22, 37, 77; act of 14 July 1983 on the national archival resource. The office
of the Polish supervisory authority moved in July 2025; its address stands here once.
"""

from collections.abc import Mapping

Wording = Mapping[str, str]

AUTHORITY: Wording = {
    "pl": "Prezes Urzędu Ochrony Danych Osobowych, ul. Stanisława Moniuszki 1A, 00-014 Warszawa",
    "en": "Prezes Urzędu Ochrony Danych Osobowych (President of the Personal Data Protection Office),"
    " ul. Stanisława Moniuszki 1A, 00-014 Warszawa, Poland",
}

NOTE_BEGINNINGS = ("[Do decyzji prawnika:", "[Do\u00a0decyzji prawnika:", "[For the lawyer to decide:")
"""How a note of the draft begins; a clause is not saved while one stands in it."""

CONTROLLER: Wording = {
    "pl": "## Administrator danych\n\nAdministratorem danych osobowych uczestników jest: {controller}.\n\n"
    "- Adres: {address}\n- Kontakt w sprawach danych osobowych: {contact}",
    "en": "## Controller\n\nThe controller of the participants' personal data is: {controller}.\n\n"
    "- Address: {address}\n- Contact for matters of personal data: {contact}",
}

OFFICER: Wording = {
    "pl": "## Inspektor ochrony danych\n\nWe wszystkich sprawach dotyczących przetwarzania danych osobowych"
    " można"
    " zwrócić się do inspektora ochrony danych: {officer}.",
    "en": "## Data protection officer\n\nIn all matters of the processing of personal data you may write to"
    " the"
    " data protection officer: {officer}.",
}

NO_OFFICER: Wording = {
    "pl": "## Inspektor ochrony danych\n\nAdministrator nie wyznaczył inspektora ochrony danych. W sprawach"
    " danych"
    " osobowych prosimy o kontakt z administratorem.",
    "en": "## Data protection officer\n\nThe controller has not designated a data protection officer. In"
    " matters of"
    " personal data please write to the controller.",
}

_PURPOSE: Wording = {
    "pl": "## Cel i podstawa prawna\n\nImię i nazwisko, adres e-mail oraz pozostałe informacje podane w"
    " formularzu"
    " przetwarzamy, aby przyjąć zgłoszenie, zorganizować i rozliczyć wydarzenie oraz przekazać uczestnikom"
    " informacje"
    " organizacyjne. Skrót RODO oznacza rozporządzenie Parlamentu Europejskiego i Rady (UE) 2016/679 z dnia"
    " 27 kwietnia 2016 r. (ogólne rozporządzenie o ochronie danych).\n\n",
    "en": "## Purpose and legal basis\n\nWe process the name, the e-mail address and whatever else is given"
    " in the form"
    " in order to accept the sign-up, to organise and account for the event, and to tell the participants"
    " what they"
    " need to know. GDPR means Regulation (EU) 2016/679 of 27 April 2016 (General Data Protection Regulation).\n\n",
}

BASIS_PUBLIC_TASK: Wording = {
    "pl": _PURPOSE["pl"]
    + "Podstawą prawną jest art. 6 ust. 1 lit. e RODO: przetwarzanie jest niezbędne do wykonania zadania"
    " realizowanego"
    " w interesie publicznym. Zadanie wynika z następującego przepisu: {task}.\n\nDokumentację wydarzenia"
    " archiwizujemy na podstawie art. 6 ust. 1 lit. c RODO w związku z ustawą z dnia 14 lipca 1983 r. o"
    " narodowym"
    " zasobie archiwalnym i archiwach.",
    "en": _PURPOSE["en"]
    + "The legal basis is art. 6(1)(e) GDPR: the processing is necessary for a task carried out in the"
    " public interest."
    " The task is set by: {task}.\n\nThe records of the event are archived under art. 6(1)(c) GDPR together"
    " with the"
    " Polish act of 14 July 1983 on the national archival resource and archives.",
}

BASIS_INTEREST_OR_CONTRACT: Wording = {
    "pl": _PURPOSE["pl"]
    + "Podstawą prawną jest art. 6 ust. 1 lit. f RODO: prawnie uzasadniony interes administratora, którym"
    " jest"
    " organizacja wydarzeń służących celom statutowym.\n\n"
    "[Do decyzji prawnika: jeżeli udział odbywa się na podstawie regulaminu lub umowy, zamiast powyższego"
    " zdania:"
    " Podstawą prawną jest art. 6 ust. 1 lit. b RODO: przetwarzanie jest niezbędne do wykonania umowy o"
    " udział"
    " w wydarzeniu. Zbędny fragment należy usunąć.]",
    "en": _PURPOSE["en"]
    + "The legal basis is art. 6(1)(f) GDPR: the controller's legitimate interest, which is to hold events"
    " that serve"
    " its statutory aims.\n\n"
    "[For the lawyer to decide: where participation is based on terms or a contract, instead of the sentence"
    " above:"
    " The legal basis is art. 6(1)(b) GDPR: the processing is necessary to perform the contract on"
    " participation in"
    " the event. Delete what does not apply.]",
}

BASIS_OTHER: Wording = {
    "pl": _PURPOSE["pl"]
    + "Podstawą prawną jest art. 6 ust. 1 lit. b RODO: przetwarzanie jest niezbędne do wykonania umowy o"
    " udział"
    " w wydarzeniu, zawieranej przez przyjęcie zgłoszenia, oraz art. 6 ust. 1 lit. f RODO: prawnie"
    " uzasadniony interes"
    " administratora, którym jest organizacja wydarzenia i kontakt z uczestnikami.",
    "en": _PURPOSE["en"]
    + "The legal basis is art. 6(1)(b) GDPR: the processing is necessary to perform the contract on"
    " participation in"
    " the event, which is made when the sign-up is accepted, and art. 6(1)(f) GDPR: the controller's"
    " legitimate"
    " interest, which is to organise the event and to stay in touch with the participants.",
}

RECIPIENTS: Wording = {
    "pl": "## Odbiorcy danych\n\nDane możemy przekazać:\n\n"
    "- podmiotom, które na zlecenie administratora utrzymują system zgłoszeń i pocztę elektroniczną,\n"
    "- współorganizatorom wydarzenia, w zakresie niezbędnym do jego przeprowadzenia,\n"
    "- instytucji współfinansującej wydarzenie, w szczególności właściwemu ministerstwu, w celu rozliczenia"
    " i kontroli,\n"
    "- podmiotom uprawnionym na podstawie przepisów prawa.\n\n"
    "Danych nie przekazujemy do państw spoza Europejskiego Obszaru Gospodarczego ani do organizacji"
    " międzynarodowych.",
    "en": "## Recipients\n\nThe data may be passed to:\n\n"
    "- those who run the sign-up system and the e-mail on the controller's behalf,\n"
    "- the co-organisers of the event, as far as it takes to hold it,\n"
    "- the institution that co-finances the event, in particular the competent ministry, for accounting and"
    " audit,\n"
    "- bodies entitled to them by law.\n\n"
    "The data are not transferred outside the European Economic Area or to international organisations.",
}

NAMED_RECIPIENTS: Wording = {
    "pl": "Pozostali odbiorcy: {recipients}.",
    "en": "Other recipients: {recipients}.",
}

RETENTION: Wording = {
    "pl": "## Okres przechowywania\n\nDane przechowujemy po zakończeniu wydarzenia przez następujący okres:"
    " {retention}. Po jego upływie dane usuwamy albo anonimizujemy, chyba że dłuższy okres wynika z umowy"
    " o dofinansowanie lub z przepisów prawa.",
    "en": "## How long the data are kept\n\nThe data are kept for {retention} after the end of the event."
    " They are then"
    " erased or made anonymous, unless a funding agreement or the law demands a longer period.",
}

RETENTION_PUBLIC_BODY: Wording = {
    "pl": "## Okres przechowywania\n\nDane przechowujemy po zakończeniu wydarzenia przez następujący okres:"
    " {retention}. Po jego upływie dane usuwamy albo anonimizujemy, z wyjątkiem dokumentów, które na"
    " podstawie"
    " przepisów o narodowym zasobie archiwalnym i archiwach podlegają dłuższemu przechowywaniu.",
    "en": "## How long the data are kept\n\nThe data are kept for {retention} after the end of the event."
    " They are then"
    " erased or made anonymous, except for documents that archival law requires to be kept longer.",
}

_COMPLAINT: Wording = {
    "pl": f"\n\nKażdej osobie przysługuje także prawo wniesienia skargi do organu nadzorczego: {AUTHORITY['pl']}.",
    "en": f"\n\nEverybody may also lodge a complaint with the supervisory authority: {AUTHORITY['en']}.",
}

RIGHTS_PUBLIC_TASK: Wording = {
    "pl": "## Prawa osób, których dane dotyczą\n\nPrzysługuje Państwu prawo:\n\n"
    "- dostępu do danych i otrzymania ich kopii (art. 15 RODO),\n- sprostowania danych (art. 16 RODO),\n"
    "- usunięcia danych w przypadkach określonych w art. 17 RODO,\n"
    "- ograniczenia przetwarzania w przypadkach określonych w art. 18 RODO,\n"
    "- sprzeciwu wobec przetwarzania z przyczyn związanych ze szczególną sytuacją osoby (art. 21 RODO)."
    + _COMPLAINT["pl"],
    "en": "## Your rights\n\nYou have the right:\n\n"
    "- of access to the data and to a copy of them (art. 15 GDPR),\n- to have them rectified (art. 16"
    " GDPR),\n"
    "- to have them erased in the cases of art. 17 GDPR,\n"
    "- to have the processing restricted in the cases of art. 18 GDPR,\n"
    "- to object to the processing on grounds relating to your particular situation (art. 21 GDPR)." + _COMPLAINT["en"],
}

RIGHTS_INTEREST: Wording = {
    "pl": "## Prawa osób, których dane dotyczą\n\nPrzysługuje Państwu prawo:\n\n"
    "- dostępu do danych i otrzymania ich kopii (art. 15 RODO),\n- sprostowania danych (art. 16 RODO),\n"
    "- usunięcia danych (art. 17 RODO),\n- ograniczenia przetwarzania (art. 18 RODO),\n"
    "- przenoszenia danych, jeżeli podstawą jest umowa (art. 20 RODO),\n"
    "- sprzeciwu, jeżeli podstawą jest prawnie uzasadniony interes (art. 21 RODO)." + _COMPLAINT["pl"],
    "en": "## Your rights\n\nYou have the right:\n\n"
    "- of access to the data and to a copy of them (art. 15 GDPR),\n- to have them rectified (art. 16"
    " GDPR),\n"
    "- to have them erased (art. 17 GDPR),\n- to have the processing restricted (art. 18 GDPR),\n"
    "- to data portability where the basis is a contract (art. 20 GDPR),\n"
    "- to object where the basis is a legitimate interest (art. 21 GDPR)." + _COMPLAINT["en"],
}

VOLUNTARY: Wording = {
    "pl": "## Czy podanie danych jest obowiązkowe?\n\nPodanie danych jest dobrowolne, ale bez imienia i"
    " nazwiska oraz"
    " adresu e-mail nie możemy przyjąć zgłoszenia.",
    "en": "## Whether the data are required\n\nGiving the data is voluntary, but without a name and an"
    " e-mail address"
    " the sign-up cannot be accepted.",
}

DECISIONS: Wording = {
    "pl": "Nie podejmujemy decyzji w sposób zautomatyzowany i nie stosujemy profilowania.",
    "en": "No decisions are made by automated means, and there is no profiling.",
}
