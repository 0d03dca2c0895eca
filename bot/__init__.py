"""The application. It imports no chat vendor, no HTTP and no SQL."""
