"""What an organiser asks beside name and address, and what people answer."""
