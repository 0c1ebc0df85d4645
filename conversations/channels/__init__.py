"""Channels: what the product can say and hear, and one package per provider that carries it."""
