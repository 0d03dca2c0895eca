"""Who somebody is: identities, log-in links, sessions, what concerns them."""
