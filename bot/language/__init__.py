"""The language of commands: what one is, how it is read, and the dispatcher. It knows no verb."""
