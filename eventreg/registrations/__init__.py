"""Who comes: sign-up, places, self-service, the list of registrations."""
