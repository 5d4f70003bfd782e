"""Whom the people of the demo circle know besides: what each wrote down of them, plain values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody one of the six knows, as they wrote it down."""

    name: str
    organisation: str = ""
    position: str = ""
    line: str = ""
    where_met: str = ""


KNOWN = (
    (
        Known(
            "Rosa Lind",
            "Lind Cold Storage",
            "Managing director",
            "Runs a cold store for fish and frozen food",
            "Chamber of commerce breakfast",
        ),
        Known(
            "Marta Koch",
            "Koch & Daughters",
            "Owner",
            "Rents out warehouses to hauliers, sings in a choir",
            "The harbour walk",
        ),
        Known(
            "Bastian Rowe",
            "Rowe Kitchens",
            "Founder",
            "Fits out kitchens for restaurants and small hotels",
            "The hotel on Pier Street, while we both waited",
        ),
        Known(
            "Delphine Aubry",
            "Three Gulls Guesthouses",
            "HR manager",
            "Hires her first ten people this winter",
            "Hoteliers' evening",
        ),
        Known("Gunnar Voss", "Voss Signs", "", "Makes signs and letterpress posters for family firms"),
        Known("Hester Quayle", "The Salt House", "Chef and owner", "Opens a second restaurant in spring"),
        Known("Ishaan Mehta", "Northway Haulage", "Operations director", "", "Train to Leeds"),
        Known(
            "Lucy Amadi", "Amadi & Co", "Payroll specialist", "Pays the staff of small firms, loves gardening"
        ),
        Known("Magnus Orr", "", "", "Sails on Wednesdays", "The marina"),
        Known("Tomas Vidal", "Vidal Interiors", "Interior designer"),
        Known("Ursula Brandt", "Harbour Archive"),
    ),
    (
        Known(
            "Nadia Sow",
            "Bayview Hotels",
            "Head of procurement",
            "Buys for three small hotels that will renovate next year",
            "Insurance day at the town hall",
        ),
        Known(
            "Anselm Frey", "Frey Bakeries", "Managing director", "Opens his fourth bakery, bakes sourdough"
        ),
        Known("Bridget Moran", "Moran Logistics", "Warehouse manager", "", "A claim that went well"),
        Known(
            "Cyrus Dalal", "Dalal Recruitment", "Recruiter", "Finds staff for firms of ten to fifty people"
        ),
        Known(
            "Odile Kern", "Kern & Sons Brewery", "Founder", "About to rename the brewery after sixty years"
        ),
        Known("Per Lindqvist", "Lindqvist Lighting", "Lighting designer", "Lights hotels and guesthouses"),
        Known(
            "Ruby Tasker", "Tasker Freight", "Owner", "Forty lorries between here and Preston, plays cricket"
        ),
        Known("Sunniva Aas", "", "Choir leader", "Leads the harbour choir"),
        Known("Wolfgang Beck", "Beck Accountancy", "Accountant"),
        Known("Yasmin Cole", "Cole Marine"),
    ),
    (
        Known(
            "Alba Serrano",
            "Serrano Properties",
            "Investor",
            "Funds guesthouses and small hotels along the coast",
            "A museum opening",
        ),
        Known(
            "Denzel Price", "Price & Price", "Commercial lawyer", "Contracts for family firms and founders"
        ),
        Known(
            "Freya Holt",
            "Holt Frozen Desserts",
            "Operations manager",
            "Ships frozen desserts to supermarkets",
        ),
        Known("Georg Amsel", "Amsel Prints", "Printer", "Prints menus for restaurants on an old press"),
        Known("Henrietta Bow", "Bow Street Food Hall", "Director", "Nine tenants, and plans a second site"),
        Known("Joaquin Lara", "Lara Logistics Software", "Product manager", "Software for warehouses"),
        Known("Kirsty Lamb", "The Wall", "Owner", "Runs the climbing centre, hires its first staff"),
        Known("Noemi Varga", "", "", "Plays the oud and sails"),
        Known("Rupert Sayle", "Sayle & Partners", "Partner"),
    ),
    (
        Known(
            "Wim Jansen", "Jansen Bakkerij", "Owner", "Opens a second bakery near the market", "Cricket club"
        ),
        Known(
            "Annelie Strand",
            "Strand Cold Chain",
            "Head of operations",
            "Moves frozen fish for food producers",
        ),
        Known("Bogdan Petrescu", "Petrescu Removals", "Managing director", "Thirty lorries and two depots"),
        Known(
            "Clio Marangos", "Marangos Hotels", "Owner", "Owns two small hotels, about to renovate the older"
        ),
        Known(
            "Duncan Reid", "Reid Brewing", "Founder", "Renames his brewery next year", "Board game evening"
        ),
        Known("Fatou Diallo", "Diallo People", "HR consultant", "Helps growing firms hire"),
        Known("Ingmar Sund", "Sund Insurance Brokers", "Insurance broker"),
        Known("Leonie Haupt", "", "", "Bakes bread and runs trails"),
        Known("Pritam Gill", "Gill Transport", "Transport planner"),
    ),
    (
        Known(
            "Piotr Wolny",
            "Wolny Light",
            "Lighting designer",
            "Plans the lighting of hotels, with whoever plans the rooms",
            "Choir",
        ),
        Known(
            "Agnes Thorne", "Thorne Bakery", "Owner", "Employs eight and opens a second shop", "A contract"
        ),
        Known("Benedikt Saller", "Saller Foods", "Operations lead", "Makes frozen ready meals"),
        Known("Carys Bevan", "Bevan Naming", "Copywriter", "Words for founders and family firms"),
        Known(
            "Dmitri Falk", "Falk Warehousing", "Owner", "Two warehouses in the north-west, plays board games"
        ),
        Known("Esther Adeyemi", "Adeyemi Payroll", "Founder", "Payroll for firms of five to fifty people"),
        Known("Florian Gross", "Gross Architects", "Architect", "Turns old houses into guesthouses"),
        Known("Molly Pike", "", "", "Open water swimming at six every morning", "The lido"),
        Known("Simon Achterberg", "Achterberg Legal", "Employment lawyer"),
    ),
    (
        Known(
            "Hal Norris",
            "Norris Cold Stores",
            "Operations director",
            "Runs three cold stores",
            "Sailing club",
        ),
        Known("Amelie Roux", "Roux Pastry", "Founder", "Ships frozen pastry to nine countries"),
        Known(
            "Caspar Denholm", "Denholm Hotels", "Owner", "Opens a second hotel, twelve rooms by the harbour"
        ),
        Known("Divya Raman", "Raman Catering", "Managing director", "Hires kitchen staff for the first time"),
        Known("Edwin Stokes", "Stokes Haulage", "Transport manager", "Drives for bakeries and breweries"),
        Known("Gudrun Moe", "Moe & Moe", "Brand strategist", "Works with restaurants and breweries"),
        Known("Lorcan Daly", "Daly Insurance", "Underwriter", "Insures food producers"),
        Known("Oriana Bassi", "Bassi Trattoria", "Chef", "Cooks for sixty and sails"),
        Known("Tobias Wendt", "", "", "Restores old maps"),
    ),
)
"""For each of the six, in seat order; some of it is thin, as such lists are."""

RESTING = frozenset({"Rupert Sayle", "Ursula Brandt", "Wolfgang Beck"})
"""Who is kept but archived."""
