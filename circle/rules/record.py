"""A record of introductions in words."""

from circle.rules.wording import count_of, count_word


def in_words(made: int, received: int, led_on: int) -> str:
    """Count introductions as people say it: "Seven introductions: five made, two received."."""
    total = made + received
    if not total:
        return "No introductions."
    parts = [
        f"{count_word(count)} {verb}" for count, verb in ((made, "made"), (received, "received")) if count
    ]
    said = f"{count_of(total, 'introduction')}: {', '.join(parts)}."
    if led_on:
        said += f" {_first_up(count_word(led_on))} led to a meeting or more."
    return _first_up(said)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
