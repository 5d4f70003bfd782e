"""The operator's commands, one file a matter; circle/cli.py gathers them."""
