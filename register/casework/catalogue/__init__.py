"""The catalogue of substances as people look at it and as its stewards keep it."""
