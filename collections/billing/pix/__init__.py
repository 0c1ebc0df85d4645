"""Pix as such: keys, the "copia e cola" text and its image. No provider, no network, no database."""
