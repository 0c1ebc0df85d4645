"""What a dossier holds, one module for each part of the product. Every section is a list of records, oldest first."""
