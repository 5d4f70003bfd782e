"""How far a circle is: the facts of its pages, in few statements."""
