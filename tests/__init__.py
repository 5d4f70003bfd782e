"""The tests mirror the house; the cast plays in them."""
