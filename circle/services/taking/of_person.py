"""What a person takes of everything that is theirs, in circles they have left too."""

from circle.formats.sheets import Sheet
from circle.rules import zones
from circle.services.taking import own_account, own_rounds, own_thoughts
from circle.services.taking.reading import Taken, read_sheet

SHEETS = own_rounds.SHEETS | own_thoughts.SHEETS | own_account.SHEETS


def everything(person_id: int, zone: str) -> Taken:
    """Read all that is somebody's; moments stand in their zone."""
    place, me = zones.zone(zone), {"me": person_id}
    profile = read_sheet("profile", own_account.PROFILE, place, me)
    sheets = tuple(read_sheet(name, query, place, me) for name, query in SHEETS.items())
    return Taken(dict(zip(profile.columns, profile.rows[0], strict=True)), sheets)


def record(person_id: int, zone: str) -> Sheet:
    """Read every introduction somebody made or received, as one sheet."""
    return read_sheet("record", own_rounds.RECORD, zones.zone(zone), {"me": person_id})
