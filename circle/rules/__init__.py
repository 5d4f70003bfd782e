"""What is true in a circle: plain values in, plain values out, no clock, no database, no web."""
