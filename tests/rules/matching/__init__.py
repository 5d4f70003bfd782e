"""Whom a suggestion fits: texts, terms, reasons, and a labelled set to measure them by."""
