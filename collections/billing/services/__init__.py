"""Writing the book. Every function that writes about a member runs under the member's lock."""
