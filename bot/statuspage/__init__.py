"""The status page and planned maintenance: what customers read."""
