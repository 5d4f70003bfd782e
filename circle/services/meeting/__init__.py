"""After a meeting: whom somebody met there, and the mails that put two or three of them together."""
