"""The régua's own pages: versions and their editor, rehearsals, segments, sends that wait for a person."""
