"""E-mail: letters leave by SMTP; what comes back is read from a mailbox by POP3."""
