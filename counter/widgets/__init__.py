"""What several screens show. Widgets know the rules and the catalogs, nothing else."""
