"""Files of people as programs write them, built from the published descriptions of each format."""

import csv
import io
from collections.abc import Sequence

ENCODINGS = {
    "UTF-8": lambda text: text.encode("utf-8"),
    "UTF-8 with its mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 with its mark": lambda text: text.encode("utf-16"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16, big end first, without a mark": lambda text: text.encode("utf-16-be"),
    "Windows-1252": lambda text: text.encode("cp1252"),
}

# Three people whose names and firms need every encoding to be right.
JUERGEN = {
    "first": "Jürgen",
    "last": "Müßig",
    "company": "Bäckerei Müßig",
    "title": "Geschäftsführer",
    "note": 'Bakes for cafés\n"slow" bread, and sings',
    "email": "juergen@baeckerei.example",
}
ELODIE = {
    "first": "Élodie",
    "last": "Façade",
    "company": "Atelier Façade, SARL",
    "title": "Architecte",
    "note": "",
    "email": "elodie@facade.example",
}
INIGO = {
    "first": "Íñigo",
    "last": "Núñez",
    "company": "",
    "title": "",
    "note": "Guides hikers; speaks Basque",
    "email": "",
}
PEOPLE = (JUERGEN, ELODIE, INIGO)


def _columns(header: str) -> list[str]:
    return header.split(",")


GOOGLE_NEW = _columns(
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,"
    "Address 1 - Formatted,Website 1 - Label,Website 1 - Value"
)
GOOGLE_OLD = _columns(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,"
    "Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,"
    "Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,"
    "Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,"
    "E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department"
)
OUTLOOK = _columns(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,"
    "Business Street 2,Business Street 3,Business City,Business State,Business Postal Code,"
    "Business Country/Region,Home Street,Home City,Other Street,Assistant's Phone,Business Fax,"
    "Business Phone,Company Main Phone,Mobile Phone,Account,Anniversary,Assistant's Name,"
    "Billing Information,Birthday,Business Address PO Box,Categories,Children,Directory Server,"
    "E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,"
    "Gender,Government ID Number,Hobby,Initials,Internet Free Busy,Keywords,Language,Location,"
    "Manager's Name,Mileage,Notes,Office Location,Priority,Private,Profession,Referred By,Sensitivity,"
    "Spouse,User 1,Web Page"
)
OUTLOOK_GERMAN = _columns(
    "Anrede,Vorname,Weitere Vornamen,Nachname,Suffix,Firma,Abteilung,Position,Straße geschäftlich,"
    "Ort geschäftlich,Telefon geschäftlich,Telefon Firma,Mobiltelefon,Beruf,Büro,E-Mail-Adresse,E-Mail-Typ,"
    "E-Mail: Angezeigter Name,E-Mail 2: Adresse,E-Mail 2: Typ,Geburtstag,Notizen,Webseite"
)
LINKEDIN = _columns("First Name,Last Name,URL,Email Address,Company,Position,Connected On")
LINKEDIN_NOTES = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are missing. '
    "You will only see email addresses for connections who have allowed their connections to see or "
    'download their email address, ""see here"" to learn more."\n'
    "\n"
)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """Return a table as spreadsheets write it: CRLF, quoted only where needed."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([header, *rows])
    return written.getvalue()


def row(header: Sequence[str], **cells: str) -> list[str]:
    """Return one row with these cells under their headers, `_` standing for what Python has no name for."""
    wanted = {name.replace("_", " "): cell for name, cell in cells.items()}
    assert set(wanted) <= set(map(_named, header))
    return [wanted.get(_named(column), "") for column in header]


def google_new(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return Google Contacts' export as of 2024 and later."""
    rows = [
        row(
            GOOGLE_NEW,
            First_Name=one["first"],
            Last_Name=one["last"],
            Organization_Name=one["company"],
            Organization_Title=one["title"],
            Notes=one["note"],
            Labels="* myContacts ::: Friends",
            E_mail_1_Label="* Work",
            E_mail_1_Value=one["email"],
        )
        for one in people
    ]
    return table(GOOGLE_NEW, rows)


def google_old(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return Google Contacts' export as it was before 2024."""
    rows = [
        row(
            GOOGLE_OLD,
            Name=f"{one['first']} {one['last']}",
            Given_Name=one["first"],
            Family_Name=one["last"],
            Organization_1_Name=one["company"],
            Organization_1_Title=one["title"],
            Notes=one["note"],
            Group_Membership="* myContacts",
            E_mail_1_Type="* Work",
            E_mail_1_Value=one["email"],
        )
        for one in people
    ]
    return table(GOOGLE_OLD, rows)


def outlook(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return Outlook's export, with a form of address in "Title" and a trade in "Profession"."""
    rows = [
        row(
            OUTLOOK,
            Title="Dr.",
            First_Name=one["first"],
            Last_Name=one["last"],
            Company=one["company"],
            Job_Title=one["title"],
            Notes=one["note"],
            E_mail_Address=one["email"],
            E_mail_Type="SMTP",
            E_mail_Display_Name=f"{one['first']} {one['last']} ({one['email']})",
            Gender="Unspecified",
            Priority="Normal",
        )
        for one in people
    ]
    return table(OUTLOOK, rows)


def outlook_german(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return the export of a German Outlook on a German Windows: semicolons."""
    rows = [
        row(
            OUTLOOK_GERMAN,
            Anrede="Frau",
            Vorname=one["first"],
            Nachname=one["last"],
            Firma=one["company"],
            Position=one["title"],
            Notizen=one["note"],
            E_Mail_Adresse=one["email"],
        )
        for one in people
    ]
    return table(OUTLOOK_GERMAN, rows, ";")


def linkedin(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return LinkedIn's Connections.csv, its notes on top; it tells no note."""
    rows = [
        [
            one["first"],
            one["last"],
            "https://example.org/in/x",
            one["email"],
            one["company"],
            one["title"],
            "",
        ]
        for one in people
    ]
    return LINKEDIN_NOTES + table(LINKEDIN, rows)


def vcard(*lines: str, version: str = "3.0") -> str:
    """Return one card of these lines."""
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def vcards_3(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return cards as RFC 2426 has them, folded and grouped as Apple's Contacts writes them."""
    return "".join(
        vcard(
            f"N:{one['last']};{one['first']};;;",
            f"FN:{one['first']} {one['last']}",
            f"ORG:{escaped(one['company'])};",
            f"TITLE:{escaped(one['title'])}",
            f"item1.EMAIL;type=INTERNET;type=WORK;type=pref:{one['email']}",
            "item1.X-ABLabel:_$!<Work>!$_",
            folded(f"NOTE:{escaped(one['note'])}"),
        )
        for one in people
    )


def vcards_4(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return cards as RFC 6350 has them, preference by number."""
    return "".join(
        vcard(
            "KIND:individual",
            f"FN:{one['first']} {one['last']}",
            f"N:{one['last']};{one['first']};;;",
            f"ORG;TYPE=work:{escaped(one['company'])}",
            f"TITLE:{escaped(one['title'])}",
            "EMAIL;TYPE=home;PREF=2:second@home.example",
            f'EMAIL;TYPE="work,x";PREF=1:{one["email"]}',
            folded(f"NOTE:{escaped(one['note'])}"),
            version="4.0",
        )
        for one in people
    )


def vcards_21(people: Sequence[dict[str, str]] = PEOPLE) -> str:
    """Return cards of vCard 2.1 as Outlook and old phones write them: quoted-printable, bare types."""
    return "".join(
        vcard(
            f"N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:{quoted(one['last'])};{quoted(one['first'])}",
            f"FN;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:{quoted(one['first'] + ' ' + one['last'])}",
            f"ORG;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:{quoted(one['company'])}",
            f"TITLE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:{quoted(one['title'])}",
            f"NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:{quoted(one['note'], broken_after=9)}",
            f"EMAIL;PREF;INTERNET:{one['email']}",
            version="2.1",
        )
        for one in people
    )


def escaped(text: str) -> str:
    """Return a text as vCard 3.0 and 4.0 write it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def folded(line: str, width: int = 20) -> str:
    """Return a logical line broken after every `width` characters."""
    return "\r\n ".join(line[at : at + width] for at in range(0, len(line), width))


def quoted(text: str, broken_after: int = 0) -> str:
    """Return a text in quoted-printable of ISO 8859-1, with a soft break after that many letters."""
    letters = [
        letter
        if letter.isascii() and letter.isalnum()
        else "".join(f"={one:02X}" for one in letter.encode("latin-1"))
        for letter in text.replace("\n", "\r\n")
    ]
    if broken_after and len(letters) > broken_after:
        letters.insert(broken_after, "=\r\n")
    return "".join(letters)


def _named(header: str) -> str:
    return header.replace(" - ", " ").replace("-", " ")
