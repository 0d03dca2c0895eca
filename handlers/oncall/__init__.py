"""What people reach by an address alone: links that answer a page, and calendar feeds."""
