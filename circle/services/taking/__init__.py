"""Taking away: what an organiser may keep of a circle, and what a person may keep of everything theirs."""
