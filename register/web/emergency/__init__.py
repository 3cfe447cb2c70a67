"""Asking for a case of another region, and what was given of one's own."""
