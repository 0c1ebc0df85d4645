"""Payment providers: one package each, all behind the port in `base`."""
