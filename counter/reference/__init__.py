"""The reference data (`data/`): loaded, and the branch lists that can be imported."""
