"""What is asked of people who forgot, and the promise of the next update."""
