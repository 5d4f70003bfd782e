"""The people somebody knows: their private list, kept, searched, imported and erased, and whom they fit."""
