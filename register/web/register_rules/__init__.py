"""What people set of the register: quality rules, standard texts and terms, and the version of the case definitions."""
