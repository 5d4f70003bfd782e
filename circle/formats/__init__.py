"""What is read and written: plain values in, plain values out, beside the rules."""
