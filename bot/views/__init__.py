"""What people read: domain values to cards, and to text through templates."""
