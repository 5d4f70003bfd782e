"""What is done: one function for each sentence an organiser or member might say."""
