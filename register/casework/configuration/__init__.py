"""What people set without a new delivery: quality rules, standard texts, terms, and the version of the definitions."""
