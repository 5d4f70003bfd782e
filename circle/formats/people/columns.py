"""Which column of a table holds what: guessed from its header in six languages, shown, and changed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """What a column of a table may hold."""

    NAME = "name"
    FIRST_NAME = "first_name"
    MIDDLE_NAME = "middle_name"
    LAST_NAME = "last_name"
    ORGANISATION = "organisation"
    POSITION = "position"
    LINE = "line"
    WHERE_MET = "where_met"
    EMAIL = "email"


WORDS = {
    Column.NAME: "Name",
    Column.FIRST_NAME: "First name",
    Column.MIDDLE_NAME: "Middle name",
    Column.LAST_NAME: "Last name",
    Column.ORGANISATION: "Organisation",
    Column.POSITION: "Position",
    Column.LINE: "What they do",
    Column.WHERE_MET: "Where met",
    Column.EMAIL: "Email",
}
"""The columns in words, as the header of our own export has them."""

_NAMES = frozenset({Column.NAME, Column.FIRST_NAME, Column.LAST_NAME})


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each column of a table holds, from the left; None: passed over."""

    columns: tuple[Column | None, ...]

    @property
    def holds_names(self) -> bool:
        """Whether any column holds a name or a part of one."""
        return not _NAMES.isdisjoint(self.columns)

    def first(self, cells: Sequence[str], wanted: Column) -> str:
        """Return the first cell that holds what is wanted, or an empty text."""
        return next(self.all(cells, wanted), "")

    def all(self, cells: Sequence[str], wanted: Column) -> Iterator[str]:
        """Yield every cell with something in it that holds what is wanted, from the left."""
        pairs = zip(self.columns, cells, strict=False)
        return (cell for column, cell in pairs if column is wanted and cell)


# In the order English, German, French, Spanish, Italian, Dutch; written as `plain` returns them.
_HEADERS = {
    Column.NAME: """full name|display name|contact name|contact|person|complete name
        vollständiger name|anzeigename|voller name|ansprechpartner|kontakt
        nom complet|nom affiché|nom d affichage|nom à afficher
        nombre completo|nombre para mostrar|nombre y apellidos|contacto
        nome completo|nome visualizzato|nome e cognome|contatto
        volledige naam|weergavenaam|contactpersoon""",
    Column.FIRST_NAME: """first name|firstname|first|given name|givenname|forename
        vorname|rufname|prénom|nombre de pila|primer nombre|nome di battesimo|nome proprio|voornaam""",
    Column.MIDDLE_NAME: """middle name|additional name|middle
        weitere vornamen|zweiter vorname|deuxième prénom|segundo nombre|secondo nome
        tussenvoegsel|tweede voornaam|middelste naam""",
    Column.LAST_NAME: """last name|lastname|last|family name|familyname|surname
        nachname|familienname|zuname|nom de famille|apellido|apellidos|primer apellido|cognome
        achternaam|familienaam""",
    Column.ORGANISATION: """company|company name|organization|organisation|organization name
        organisation name|organization 1 name|account name|current company|employer|business|firm
        firma|firmenname|unternehmen|arbeitgeber|betrieb|verein
        société|entreprise|nom de l entreprise|nom de la société|raison sociale|employeur|organisme
        empresa|nombre de la empresa|compañía|organización|sociedad
        azienda|società|ditta|impresa|nome azienda|organizzazione
        bedrijf|bedrijfsnaam|organisatie|onderneming|werkgever""",
    Column.POSITION: """job title|jobtitle|position|role|organization title|organization 1 title
        current position|function
        funktion|stelle|stellenbezeichnung|berufsbezeichnung|jobtitel|rolle
        fonction|poste|intitulé du poste|titre du poste|titre professionnel|rôle
        cargo|puesto|puesto de trabajo|posición
        posizione|posizione lavorativa|qualifica|ruolo|mansione
        functie|functietitel|functienaam|positie|rol""",
    Column.LINE: """what they do|notes|note|comments|comment|description|about|remarks
        bemerkung|bemerkungen|notiz|notizen|anmerkung|anmerkungen|kommentar|beschreibung
        remarque|remarques|commentaire|commentaires
        nota|notas|comentario|comentarios|observaciones|descripción
        annotazioni|commento|commenti|osservazioni|descrizione
        opmerking|opmerkingen|notitie|notities|aantekeningen|omschrijving""",
    Column.WHERE_MET: """where met|where we met|where you met|met at|how we met
        wo kennengelernt|kennengelernt|wo getroffen|rencontré à|lieu de rencontre|où rencontré
        dónde conocido|conocido en|dove conosciuto|conosciuto a|waar ontmoet|ontmoet""",
}
# A whole name, or the part of one that has no column of its own.
_WHOLE_OR_PART = "name|nom|nombre|nome|naam"
# A position where nothing says it better.
_OCCUPATION = "occupation|profession|beruf|métier|profesión|ocupación|professione|beroep"
# A position too, but before the names a form of address: Mr, Dr.
_TITLE = "title|titre|título|titolo"
_EMAIL = re.compile(
    r"(?:(?:primary|secondary|preferred|work|home|personal|private|business|other) )?"
    r"(?:email|mail|courriel|mel|(?:direccion de )?correo(?: electronico)?|adresse (?:email|mail)"
    r"|adresse de messagerie|(?:indirizzo )?(?:di )?posta elettronica|indirizzo (?:email|mail)|emailadres"
    r"|emailadresse|mailadresse)"
    r"(?: \d)?(?: (?:address|addresses|adresse|adres|value|work|home|privat|geschaftlich))?(?: \d)?"
)


def plain(header: str) -> str:
    """Return a header's cell as it is compared: small letters without accents, single spaces."""
    bare = unicodedata.normalize("NFKD", header[:200].casefold())
    words = re.findall(r"[^\W_]+", "".join(one for one in bare if not unicodedata.combining(one)))
    return re.sub(r"\be mail", "email", " ".join(words))


def guess(header: Sequence[str]) -> Mapping:
    """Return what the columns most likely hold, told by their names alone."""
    names = [plain(cell) for cell in header]
    columns = [_KNOWN.get(name) or (Column.EMAIL if _EMAIL.fullmatch(name) else None) for name in names]
    whole = _what_a_name_is(columns)
    columns = [whole if name in _WHOLES else column for name, column in zip(names, columns, strict=True)]
    if Column.POSITION not in columns:
        columns = _with_titles(names, columns)
    return Mapping(tuple(columns))


def _what_a_name_is(columns: list[Column | None]) -> Column:
    """Return what "Name" means beside the others: "Vorname; Name" and "Nombre; Apellidos" are parts."""
    if Column.FIRST_NAME in columns and Column.LAST_NAME not in columns:
        return Column.LAST_NAME
    if Column.LAST_NAME in columns and Column.FIRST_NAME not in columns:
        return Column.FIRST_NAME
    return Column.NAME


def _with_titles(names: list[str], columns: list[Column | None]) -> list[Column | None]:
    first_name = next((at for at, column in enumerate(columns) if column in _NAMES), 0)
    titles = [at for at, name in enumerate(names) if name in _TITLES and at > first_name]
    jobs = [at for at, name in enumerate(names) if name in _OCCUPATIONS]
    chosen = (titles or jobs)[-1:]
    return [Column.POSITION if at in chosen else column for at, column in enumerate(columns)]


def _listed(text: str) -> Iterable[str]:
    return (plain(name) for name in re.split(r"[|\n]", text))


_KNOWN: dict[str, Column] = {name: column for column, text in _HEADERS.items() for name in _listed(text)}
_WHOLES = frozenset(_listed(_WHOLE_OR_PART))
_OCCUPATIONS = frozenset(_listed(_OCCUPATION))
_TITLES = frozenset(_listed(_TITLE))
