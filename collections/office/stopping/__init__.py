"""What people stop on purpose: days without contact, and switches that stop sending at once."""
