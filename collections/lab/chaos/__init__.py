"""Killing the product's processes while people write in both directions, and proving that nothing came of it."""
