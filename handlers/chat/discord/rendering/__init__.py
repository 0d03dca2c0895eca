"""Cards, forms and menus as Discord takes them, and what a press carries. Pure."""
