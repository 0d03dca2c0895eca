"""What a page would do, without telling anybody."""
