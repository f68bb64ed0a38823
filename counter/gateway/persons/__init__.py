"""A person's dossier at the province: what is asked of it and done to it."""
