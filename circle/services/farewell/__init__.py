"""Farewell: somebody is erased at their own wish, and their circles keep what is theirs."""
