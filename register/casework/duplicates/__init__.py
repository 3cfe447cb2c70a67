"""Two cases, one death: finding pairs that look alike, and carrying out what a person decides about them."""
