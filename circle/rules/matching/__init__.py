"""Who fits whom: what people wrote about themselves and those they know, read for a reason to introduce."""
