"""The front door."""

from circle.factory import create_app

app = create_app()
