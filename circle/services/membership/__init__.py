"""Who is in a circle: starting one, inviting, seats, leaving."""
