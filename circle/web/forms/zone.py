"""The field in which a time zone is chosen."""

from typing import Any

from wtforms import SelectField

from circle.rules.zones import zone_names


class ZoneField(SelectField):
    """A time zone, by its name in the IANA database; the rules judge it.

    A zone that is kept, or that a browser gave, under an older name stays choosable.
    """

    def __init__(self, label: str, empty: str = "Choose a time zone", **kwargs: Any) -> None:
        super().__init__(label, choices=self._names, validate_choice=False, **kwargs)
        self.empty = empty

    def _names(self) -> dict[str, str]:
        listed = zone_names()
        more = [self.data] if self.data and self.data not in listed else []
        return {"": self.empty} | {name: name.replace("_", " ") for name in (*more, *listed)}
