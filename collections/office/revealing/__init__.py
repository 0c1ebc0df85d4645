"""Showing one masked value to somebody who says why, for a minute, and keeping who saw what."""
