"""The internal side for readers: incidents and their postmortem drafts as pages."""
