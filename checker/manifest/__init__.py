"""What a project declares: the typed manifest, its loading, and how manifests are found in folders."""
