"""One act on many rows: seen beforehand, done in the background, told row by row, undone where it can be."""
