"""Who somebody is: proof of an address, the session that follows, and what they say of themselves."""
