"""The rows of the auditors' work, one file a subject."""
