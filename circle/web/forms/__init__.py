"""The forms, one file a noun: what may be typed, in words; the rules decide."""
