"""The privacy officer's desk: who looked at what, and whether that was needed. No content of a case."""
