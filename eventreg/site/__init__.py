"""The installation itself: operator, accessibility declaration, going live, health, sample data."""
