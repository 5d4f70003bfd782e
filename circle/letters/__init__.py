"""What is written: one function for each letter; composing is apart from posting."""
