"""Every mail that leaves."""
