"""One's own record: every introduction made and received, and those outside rounds."""
