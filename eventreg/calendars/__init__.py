"""iCalendar: invitations and feeds."""
