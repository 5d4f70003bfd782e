"""Thinking of whom to put together: fifteen minutes at a time, and the ideas that come of them."""
