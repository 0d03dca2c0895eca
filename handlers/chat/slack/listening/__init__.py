"""What is heard from Slack, brought to dispatch, and answered."""
