"""The core: what happens. No chat vendor, no HTTP, no SQL."""
