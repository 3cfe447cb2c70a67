"""The desk of the panel: doubtful cases without a person, a place or a day, and the vote on them."""
