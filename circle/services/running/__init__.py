"""What operators need: health, backups, the doctor and the demo circle."""
