"""What customers are told: publications and planned maintenance."""
