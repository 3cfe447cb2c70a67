"""Early-warning rules over series of counts. Empty until the first rule is written; the room is part of the plan."""
