"""Conference and workshop series with their editions."""
