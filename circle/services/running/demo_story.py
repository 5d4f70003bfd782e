"""The story of the demo circle: six people, four rounds, and what came of them; plain values only."""

from dataclasses import dataclass

from circle.rules.states import Outcome, Synergy

CIRCLE_NAME = "Harbour Circle"
ZONE = "Europe/London"
CHARTER = (
    "An introduction counts when both sides know why they are talking. Ask first if you are not sure. "
    "We meet for breakfast on the first Thursday and read the thanks aloud."
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the six; their address leads nowhere."""

    name: str
    does: str
    serves: str
    interests: str
    wish: str
    forwardable: str

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@demo.invalid"


PEOPLE = (
    DemoPerson(
        "Amara Obi",
        "Interior architect for small hotels",
        "Hotels and guesthouses of up to forty rooms, and those who fund them",
        "Open water swimming, choir, old maps",
        "Owners who are about to renovate, or to open a second house",
        "Amara makes small hotels feel like somewhere. She is calm with builders and kind to budgets, and "
        "her rooms are booked before the paint is dry.",
    ),
    DemoPerson(
        "Ben Katz",
        "Commercial insurance broker",
        "Food producers, cold stores, hauliers",
        "Sailing, sourdough, local history",
        "Operations leads at firms that ship frozen goods",
        "Ben reads the small print so that you do not have to, and he has stood in more cold stores at five "
        "in the morning than anyone I know.",
    ),
    DemoPerson(
        "Chloe Marsh",
        "Brand designer",
        "Founders, family firms, two museums",
        "Climbing, letterpress, jazz",
        "Founders about to rename",
        "Chloe finds the name you had been looking for all along, then draws it so that it looks as if it "
        "had always been there.",
    ),
    DemoPerson(
        "Dev Patel",
        "Freight software",
        "Warehouses and hauliers with ten to two hundred lorries",
        "Cricket, bread, board games",
        "Warehouse owners in the north-west",
        "Dev's software tells a warehouse at noon what will go wrong at six. His customers sleep better.",
    ),
    DemoPerson(
        "Elena Ruiz",
        "Employment lawyer",
        "Firms of five to fifty people",
        "Choir, gardening, trail running",
        "HR managers who are hiring their first ten people",
        "Elena writes contracts that people can read, and picks up the phone before it becomes a case.",
    ),
    DemoPerson(
        "Farid Haddad",
        "Accountant for restaurants",
        "Restaurants, bakeries, two breweries",
        "Sailing, oud, cooking for too many",
        "Anyone opening a second site",
        "Farid keeps the books for a dozen restaurants and is at his best when one opens a second site.",
    ),
)

PROMISES = (
    ("-iiiii", "i-iioi", "ii-iii", "oii-pi", "iiii-i", "ioipo-"),
    ("-iiiii", "i-iiii", "ii-iii", "iii-ip", "iiii-i", "iioil-"),
    ("-iiiii", "i-iiii", "ii-iii", "iii-ii", "iiii-i", "iiiii-"),
    ("-iiaio", "i-iioi", "ii-iii", "oii-oa", "iiii-i", "iopai-"),
)
"""A row a giver, a letter a receiver: introduced, late, asking, passed, open. The last round is open."""

THEMES = ("", "", "People who are about to move", "")

REASONS = (
    (
        "{0} has bought the guesthouse by the lighthouse and has no plan for it yet.",
        "{0} funds small hotels and keeps asking me who makes them beautiful.",
        "{0} is turning a customs house into twelve rooms.",
        "{0} sings in a choir that rehearses in a hotel about to close for renovation.",
        "{0} opens a second house in spring and is unhappy with the drawings so far.",
        "{0} collects harbour maps and knows every owner along this coast.",
    ),
    (
        "{0} runs the cold store behind the fish market and has just changed insurers.",
        "{0} ships frozen pastry to nine countries and lost a container in May.",
        "{0} brokers cargo; what Ben does not insure, {0} does.",
        "{0} sails on Wednesdays and is head of operations at a dairy.",
        "{0} looks after the lorries of three bakeries.",
        "{0} plans a second cold store and asked me whom to talk to before signing.",
    ),
    (
        "{0} is merging two family firms, and neither name may win.",
        "{0} prints on an old press and needs somebody who thinks in letters.",
        "{0} founded a firm with a name that nobody can spell.",
        "{0} advises museums on what hangs beside the door.",
        "{0} climbs at the same wall and wants a new name for the studio.",
        "{0} starts again after ten years and wants to look like it.",
    ),
    (
        "{0} owns three warehouses near Preston and plans them on paper.",
        "{0} builds the racks, Dev knows what stands on them.",
        "{0} has forty lorries and a whiteboard.",
        "{0} bowls for the second team and runs a parcel hub.",
        "{0} rents out warehouse space and hears every complaint there is.",
        "{0} moved into a hall twice the size and lost sight of half of it.",
    ),
    (
        "{0} hires the first ten people this winter and has one contract for all.",
        "{0} recruits for young firms that have never written a contract.",
        "{0} took over personnel without having asked for it.",
        "{0} runs the trail by the reservoir and a firm of thirty.",
        "{0} does payroll; questions about notice periods land there too.",
        "{0} opens an office here and knows no one in town who knows the law.",
    ),
    (
        "{0} opens a second bakery in March and does the sums at night.",
        "{0} fits out kitchens for restaurants that grow.",
        "{0} sails, cooks, and has just signed a lease for a second site.",
        "{0} lends to restaurants and likes clean books.",
        "{0} brews beer in a cellar that became too small.",
        "{0} runs a food hall with nine tenants, all of them without an accountant.",
    ),
)
"""For each receiver, in seat order, why a contact was thought of."""

CONTACTS = (  # noqa: SIM905 - a hundred names are easier to read in lines of text
    "Ada Nwosu, Aled Pryce, Amir Sabet, Anna Brandt, Arlo Finch, Astrid Holm, Bea Lund, Bela Toth, "
    "Bram Visser, Carla Fonti, Cem Aydin, Ciara Doyle, Dana Weiss, Dario Conte, Dina Farouk, Edda Voll, "
    "Ekow Mensah, Ellis Grant, Emre Kaya, Erin Walsh, Esme Tran, Fabio Neri, Faye Moss, Femke Prins, "
    "Finn Ahlers, Gemma Stott, Goran Ilic, Greta Simm, Hana Kubo, Hatice Oral, Henrik Dahl, Hugo Marsh-Bell, "
    "Ida Lorenz, Ilse Kern, Imani Okoro, Inês Prado, Ivo Blaha, Jack Oduya, Jana Novak, Jonas Eide, "
    "Jude Larkin, Kai Sommer, Kate Mbeki, Kiran Rao, Kit Hollis, Lars Berg, Lea Fuchs, Leo Costa, "
    "Lila Haas, Lina Petrov, Luca Riva, Maeve Quinn, Maja Lind, Malik Dunn, Mara Stein, Mats Olsen, "
    "Mei Tan, Milo Grey, Mina Park, Moira Kerr, Nell Ashby, Nico Adler, Nils Frey, Noor Aziz, "
    "Nuno Vaz, Oda Nilsen, Olu Bankole, Orla Byrne, Otis Ward, Pavel Cerny, Petra Jung, Pia Monti, "
    "Priya Nair, Quinn Avery, Rafa Gil, Rasmus Bech, Reem Haidar, Rhys Owen, Rina Sato, Robin Thwaite, "
    "Runa Vik, Sana Malik, Saul Stern, Selma Boz, Shay Cole, Signe Falk, Sol Reyes, Suki Mori, "
    "Tamar Levi, Tess Hale, Theo Brink, Tilda Ross, Timo Raita, Uma Desai, Vera Klein, Viktor Sand, "
    "Wanda Pohl, Wes Carter, Yara Saleh, Yusuf Demir, Zora Bell, Zsofia Kiss, Lena Voss, Sam Ode"
).split(", ")

OUTCOMES = (
    Outcome.MET,
    Outcome.IN_TOUCH,
    None,
    Outcome.LED_ON,
    Outcome.MET,
    None,
    Outcome.NOT_A_FIT,
    Outcome.IN_TOUCH,
    Outcome.MET,
)

THANKS = (
    "We talked for two hours, and I left with three more names.",
    "Signed last week. Breakfast is on me.",
    "We found out that we had been neighbours for years.",
    "This was the one I had been waiting for.",
    "You described us both better than we do ourselves.",
)

SYNERGIES = (Synergy.SAME_CLIENTS, Synergy.TEAM_UP, Synergy.SAME_CLIENTS, Synergy.SHARED_INTEREST, None)

PASSED_LINE = "I went through everyone I know and would rather wait for the right one."


@dataclass(frozen=True, slots=True)
class Told:
    """One introduction of the open round as it was told."""

    contact: str
    synergy: Synergy | None
    reason: str
    outcome: Outcome | None = None
    thanks: str = ""


TOLD = {
    (0, 1): Told("Rosa Lind", Synergy.SAME_CLIENTS, "Rosa runs a cold store and asked me about cover twice."),
    (0, 2): Told("Idris Bello", Synergy.TEAM_UP, "Idris renames his firm in January.", Outcome.MET),
    (0, 4): Told("Jo Tan", Synergy.SAME_CLIENTS, "Jo hires her first ten people and sings alto."),
    (1, 0): Told(
        "Nadia Sow",
        Synergy.SAME_CLIENTS,
        "She runs procurement for three hotels and asked for exactly what you do.",
    ),
    (4, 0): Told(
        "Piotr Wolny",
        Synergy.TEAM_UP,
        "Piotr plans the lighting of hotels, and never without somebody who plans the rooms.",
        Outcome.MET,
        "Signed a pilot. Thank you, Elena.",
    ),
}
"""What stands out on the organiser's own page, by giver and receiver."""

ASKED = {(0, 3): "Marta Koch", (3, 5): "Wim Jansen", (5, 3): "Hal Norris"}
"""Whom a giver is asking first, by giver and receiver."""
