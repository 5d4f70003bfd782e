"""People one knows, read from and written to files: vCard and CSV; plain values, nothing kept."""
