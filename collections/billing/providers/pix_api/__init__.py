"""The Central Bank's standard "API Pix" (version 2.9.0), which most Brazilian banks and providers offer."""
