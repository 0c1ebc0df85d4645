"""Message templates: their definition, review and life, and the filling in of their variables."""
