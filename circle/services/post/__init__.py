"""What waits to be told: news, reminders, the daily letter and the outbox."""
