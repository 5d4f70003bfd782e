"""Proofs against other implementations, under Node; make proof runs them."""
