"""A demonstration register: made-up people and made-up deaths, the same each time, entered through casework itself."""
