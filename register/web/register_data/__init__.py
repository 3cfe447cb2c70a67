"""What the register keeps in order across cases: possible duplicates and names that the catalogue does not know."""
