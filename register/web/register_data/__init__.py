"""What the register keeps in order across cases: possible duplicates, names that the catalogue does not know,
and the catalogue itself."""
