"""How long what has served its purpose is kept, and what deletes it then."""
