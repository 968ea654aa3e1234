"""What an organiser writes to the people of an event, and reminders that go by themselves."""
