"""The doors: each speaks one outside language and knows no other door."""
