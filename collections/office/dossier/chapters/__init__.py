"""The chapters of a printed dossier. Each reads the sealed sections and nothing else."""
