"""SMS through a provider that speaks Twilio's Messages API."""
