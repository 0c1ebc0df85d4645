"""What every app needs and nothing more: clock, money, calendars, encryption, outbound HTTP, history."""
