"""Pages for people: URLs, views, forms and presenters. One package for each desk; no rule and no query of its own."""
