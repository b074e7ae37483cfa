"""What patients are told: from the outbox (`booking.outbox`) to a channel, and back (docs/messages.md)."""
