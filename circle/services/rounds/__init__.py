"""A round from opening to seal, by hand or by rhythm."""
