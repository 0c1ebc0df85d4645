"""What a message says: validation of each outbound type and the form in which a person's phone shows it."""
