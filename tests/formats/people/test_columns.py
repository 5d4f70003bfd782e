"""Columns are guessed from headers in six languages, shown, and changed."""

import pytest

from circle.formats.people.columns import Column, Mapping, guess
from circle.formats.people.person import PersonKnown
from circle.formats.people.reading import NO_NAMES, read_people
from tests.formats.people import files

FIRST, LAST, NAME = Column.FIRST_NAME, Column.LAST_NAME, Column.NAME
FIRM, POSITION, EMAIL, LINE = Column.ORGANISATION, Column.POSITION, Column.EMAIL, Column.LINE


def guessed(header):
    return list(guess(header.split(";")).columns)


@pytest.mark.parametrize(
    "header",
    [
        "First Name;Last Name;Company;Job Title;E-mail Address;Notes",
        "Given Name;Surname;Organization;Role;EMAIL;Comments",
        "Vorname;Nachname;Firma;Position;E-Mail-Adresse;Notizen",
        "Vorname;Familienname;Unternehmen;Funktion;E-Mail;Bemerkungen",
        "Prénom;Nom;Société;Fonction;Adresse de messagerie;Remarques",
        "Prénom;Nom de famille;Entreprise;Poste;Adresse e-mail;Commentaires",
        "Nombre;Apellidos;Empresa;Cargo;Dirección de correo electrónico;Notas",
        "Nombre;Apellidos;Organización;Puesto;Correo electrónico;Observaciones",
        "Nome;Cognome;Società;Posizione;Indirizzo posta elettronica;Annotazioni",
        "Nome;Cognome;Azienda;Ruolo;Indirizzo e-mail;Note",
        "Voornaam;Achternaam;Bedrijf;Functie;E-mailadres;Opmerkingen",
        "VOORNAAM;Naam;Organisatie;functietitel;e-mail;notities",
    ],
)
def test_headers_of_six_languages_are_known(header):
    expected = [FIRST, LAST, FIRM, POSITION, EMAIL, LINE]
    assert guessed(header) == expected


@pytest.mark.parametrize(
    "header",
    [
        "Vorname;Nachname;URL;E-Mail-Adresse;Unternehmen;Position;Verbunden am",
        "Prénom;Nom;URL;Adresse e-mail;Entreprise;Poste;Date de connexion",
        "Nombre;Apellidos;URL;Dirección de correo;Empresa;Cargo;Conectado el",
        "Nome;Cognome;URL;Indirizzo email;Azienda;Posizione;Data del collegamento",
        "Voornaam;Achternaam;URL;E-mailadres;Bedrijf;Functie;Verbonden op",
    ],
)
def test_lists_of_connections_in_other_languages_are_known(header):
    assert guessed(header) == [FIRST, LAST, None, EMAIL, FIRM, POSITION, None]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Name;Vorname", [LAST, FIRST]),
        ("Name;Surname", [FIRST, LAST]),
        ("Name;Given Name;Family Name", [NAME, FIRST, LAST]),
        ("Nom", [NAME]),
        ("Nom complet;Prénom;Nom", [NAME, FIRST, LAST]),
        ("Full Name;Title;Company", [NAME, POSITION, FIRM]),
        ("Title;First Name;Last Name", [None, FIRST, LAST]),
        ("Titre;Prénom;Nom;Société;Titre", [None, FIRST, LAST, FIRM, POSITION]),
        ("Name;Job Title;Title", [NAME, POSITION, None]),
        ("Name;Occupation", [NAME, POSITION]),
        ("Name;Occupation;Organization 1 - Title", [NAME, None, POSITION]),
        ("E-mail 1 - Type;E-mail 1 - Value;E-mail 2 - Value", [None, EMAIL, EMAIL]),
        ("E-mail Display Name;E-mail Type;E-Mail 2: Adresse", [None, None, EMAIL]),
        ("Company Main Phone;Business Street;Manager's Name;File As", [None] * 4),
        ("Where met;Wo kennengelernt", [Column.WHERE_MET] * 2),
        ("", [None]),
    ],
)
def test_what_a_header_means_depends_on_its_neighbours(header, expected):
    assert guessed(header) == expected


@pytest.mark.parametrize(
    "header", [files.GOOGLE_NEW, files.GOOGLE_OLD, files.OUTLOOK, files.OUTLOOK_GERMAN, files.LINKEDIN]
)
def test_every_export_has_its_name_firm_position_and_address(header):
    assert {FIRST, LAST, FIRM, POSITION, EMAIL} <= set(guess(header).columns)


def test_the_guess_is_shown_with_an_example_of_each_column():
    columns = read_people(b"Who;Firma;Leer\r\nAda;;\r\nBen;Oven;\r\n").columns
    assert columns.header == ("Who", "Firma", "Leer")
    assert columns.samples == ("Ada", "Oven", "")
    assert columns.mapping == Mapping((None, FIRM, None))


def test_a_changed_mapping_is_followed():
    data = b"Who;Firma;Where\r\nAda;Engines;London\r\n"
    assert read_people(data).left_out[0].sentence == NO_NAMES
    read = read_people(data, mapping=Mapping((NAME, None, Column.WHERE_MET)))
    assert read.people == (PersonKnown("Ada", where_met="London"),)
    assert read.columns.mapping.columns[0] is NAME


@pytest.mark.parametrize("columns", [(NAME,), (NAME, FIRM, EMAIL, LINE, LINE)])
def test_a_mapping_of_another_width_does_no_harm(columns):
    assert read_people(b"A;B\r\nAda;x\r\n", mapping=Mapping(columns)).people[0].name == "Ada"


def test_a_display_name_is_preferred_and_parts_are_joined_where_it_is_missing():
    data = (
        b"Name,Given Name,Additional Name,Family Name\r\nDr. Ada,A,B,C\r\n,Jan,van der,Berg\r\n,,,Plato\r\n"
    )
    assert [one.name for one in read_people(data).people] == ["Dr. Ada", "Jan van der Berg", "Plato"]


def test_the_first_address_that_can_be_one_is_taken():
    data = b"Name,E-mail 1 - Value,E-mail 2 - Value\r\nAda,nothing,a@x.example ::: b@x.example\r\n"
    read = read_people(data)
    assert read.people == (PersonKnown("Ada", email="a@x.example"),)
    assert not read.changed
