"""Measured, not tested: plain commands that print what they found; make bench runs them."""
