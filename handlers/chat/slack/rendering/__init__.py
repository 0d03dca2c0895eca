"""Cards and forms as Slack takes them. Pure."""
