"""The outside world of Em Dia as real HTTP servers: WhatsApp, payment providers, ERPs, model server.

One process, one prefix per system (see `systems.py`). Nothing here imports the product and the product
imports nothing from here: they only meet over HTTP, through the addresses and secrets of a real provider.
"""
