"""What is shown: each view is gate, form, service, answer."""
