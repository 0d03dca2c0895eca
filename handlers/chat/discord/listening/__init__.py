"""What is heard from Discord, brought to dispatch, and answered."""
