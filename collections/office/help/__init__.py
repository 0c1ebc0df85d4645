"""Help beside every page of the office and as an index with a search; the words are files below `texts`."""
